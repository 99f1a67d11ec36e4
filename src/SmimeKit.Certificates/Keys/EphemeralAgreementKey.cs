namespace SmimeKit.Certificates;

/// <summary>A key made to agree with one or several others on secrets, for one message: the sender's side of RFC 5652 §6.2.2.</summary>
/// <remarks>Not for concurrent use. Disposing it ends the key, which nobody can make again: earlier messages stay closed to the sender.</remarks>
public sealed class EphemeralAgreementKey : IDisposable
{
    private readonly AgreementGroup _group;
    private readonly AgreementKey _key;

    private EphemeralAgreementKey(AgreementGroup group, AgreementKey key)
    {
        _group = group;
        _key = key;
        PublicKey = key.GetPublicKey();
    }

    /// <summary>Gets the public half, with the parameters of the group; a message leaves those out.</summary>
    public SubjectPublicKeyInfo PublicKey { get; }

    /// <summary>Makes a key that can agree with another: on its curve (EC, X25519, X448), or with its domain parameters (X9.42).</summary>
    /// <param name="other">The other's public key.</param>
    /// <returns>The key, which the caller disposes; null when the other is of a kind that does not agree or is not implemented.</returns>
    /// <exception cref="ArgumentException">The domain parameters of the other key are not sound.</exception>
    public static EphemeralAgreementKey? TryCreate(SubjectPublicKeyInfo other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AgreementGroup.Of(other) is { } group ? new EphemeralAgreementKey(group, group.Generate()) : null;
    }

    /// <summary>Agrees on a secret with the owner of another key.</summary>
    /// <param name="other">The other's public key.</param>
    /// <returns>
    /// The secret, as <see cref="IDecryptionKey.AgreeAsync"/> of the other side gives it, which the caller wipes; null when the other key is
    /// of another group, not valid in it, or one that leaves no secret.
    /// </returns>
    public byte[]? TryAgree(SubjectPublicKeyInfo other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _group.Complete(other) is { } complete ? _key.Agree(complete) : null;
    }

    /// <summary>Ends the key.</summary>
    public void Dispose() => _key.Dispose();
}
