using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>An ECDH key of the base library: in memory, in the operating system, or a device that derives from it.</summary>
internal sealed class NativeEcdhKey(ECDiffieHellman key, bool ownsKey) : AgreementKey
{
    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo GetPublicKey() => SubjectPublicKeyInfo.Decode(PublicKeyMatch.PublicHalf(key));

    /// <inheritdoc/>
    /// <remarks>The platform refuses points off the curve and the point at infinity (R5753-3.1.1-e).</remarks>
    internal override byte[]? Agree(SubjectPublicKeyInfo other) =>
        other.TryAgree(key) is { } secret ? LeftPad(secret, (other.KeySize + 7) / 8) : null;

    public override void Dispose()
    {
        if (ownsKey)
        {
            key.Dispose();
        }
    }
}
