using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The sender's key of an ephemeral-static agreement: made for one message, for recipients on one curve (RFC 5753 §9).</summary>
internal sealed class EphemeralEcdhKey : IDisposable
{
    private readonly ECDiffieHellman _key;

    internal EphemeralEcdhKey(string curve)
    {
        _key = ECDiffieHellman.Create(ECCurve.CreateFromValue(curve));
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicPoint = [0x04, .. point.X!, .. point.Y!]; // R5753-3.1.1-d
    }

    /// <summary>Gets the public key as an uncompressed point.</summary>
    internal byte[] PublicPoint { get; }

    /// <summary>Agrees with a recipient's key on the same curve; the caller wipes the secret.</summary>
    internal byte[] Agree(SubjectPublicKeyInfo recipient) =>
        recipient.TryAgree(_key) ?? throw new ArgumentException("The recipient's key is not usable.", nameof(recipient));

    public void Dispose() => _key.Dispose();
}
