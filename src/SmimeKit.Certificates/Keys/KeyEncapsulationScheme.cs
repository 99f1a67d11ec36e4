namespace SmimeKit.Certificates;

/// <summary>A key encapsulation mechanism with its parameters.</summary>
public abstract record KeyEncapsulationScheme
{
    private KeyEncapsulationScheme()
    {
    }

    /// <summary>ML-KEM, FIPS 203 and RFC 9936.</summary>
    /// <param name="ParameterSet">The parameter set.</param>
    public sealed record MLKem(MLKemParameterSet ParameterSet) : KeyEncapsulationScheme;

    /// <summary>RSA-KEM with KDF3, RFC 9690 appendix A.</summary>
    /// <param name="Digest">The digest of KDF3.</param>
    /// <param name="SecretSize">The size of the shared secret in bytes: that of the key-encryption key.</param>
    public sealed record Rsa(DigestAlgorithm Digest, int SecretSize) : KeyEncapsulationScheme;
}
