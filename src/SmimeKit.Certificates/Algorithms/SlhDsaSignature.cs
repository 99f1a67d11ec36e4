using System.Collections.Immutable;
using System.Globalization;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace SmimeKit.Certificates;

/// <summary>SLH-DSA in its pure mode, FIPS 205; keys RFC 9909; use in CMS RFC 9814. Twelve parameter sets.</summary>
/// <remarks>
/// Public keys have 32, 48 and 64 bytes. Signatures have 7856 to 49856 bytes; the sets ending in <c>f</c> sign fast, those in <c>s</c>
/// have small signatures and take a second and more to sign. Signing is hedged (randomised). A key is good for 2^64 signatures, which nobody
/// makes, and every key is made on its own (RFC 9909 §5).
/// </remarks>
public sealed class SlhDsaSignature : MessageSignature
{
    private const string Arc = "2.16.840.1.101.3.4.3.";
    private const int FirstSha2 = 20;  // id-slh-dsa-sha2-128s
    private const int FirstShake = 26; // id-slh-dsa-shake-128s

    private readonly int _hashSize; // n of the tree hash, in bytes
    private readonly bool _isShake;

    private SlhDsaSignature(int number, bool isShake, int bits, char kind, int signatureSize, SlhDsaParameters parameters)
        : base(
            Arc + number.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"slh-dsa-{(isShake ? "shake" : "sha2")}-{bits}{kind}"),
            bits / 4,
            signatureSize)
    {
        _hashSize = bits / 8;
        _isShake = isShake;
        Parameters = parameters;
    }

    /// <summary>Gets the parameter sets in the order of their identifiers.</summary>
    public static ImmutableArray<SlhDsaSignature> All { get; } =
    [
        new(FirstSha2, false, 128, 's', 7856, SlhDsaParameters.slh_dsa_sha2_128s),
        new(FirstSha2 + 1, false, 128, 'f', 17088, SlhDsaParameters.slh_dsa_sha2_128f),
        new(FirstSha2 + 2, false, 192, 's', 16224, SlhDsaParameters.slh_dsa_sha2_192s),
        new(FirstSha2 + 3, false, 192, 'f', 35664, SlhDsaParameters.slh_dsa_sha2_192f),
        new(FirstSha2 + 4, false, 256, 's', 29792, SlhDsaParameters.slh_dsa_sha2_256s),
        new(FirstSha2 + 5, false, 256, 'f', 49856, SlhDsaParameters.slh_dsa_sha2_256f),
        new(FirstShake, true, 128, 's', 7856, SlhDsaParameters.slh_dsa_shake_128s),
        new(FirstShake + 1, true, 128, 'f', 17088, SlhDsaParameters.slh_dsa_shake_128f),
        new(FirstShake + 2, true, 192, 's', 16224, SlhDsaParameters.slh_dsa_shake_192s),
        new(FirstShake + 3, true, 192, 'f', 35664, SlhDsaParameters.slh_dsa_shake_192f),
        new(FirstShake + 4, true, 256, 's', 29792, SlhDsaParameters.slh_dsa_shake_256s),
        new(FirstShake + 5, true, 256, 'f', 49856, SlhDsaParameters.slh_dsa_shake_256f),
    ];

    internal SlhDsaParameters Parameters { get; }

    /// <summary>The size of a private key in bytes.</summary>
    internal int PrivateKeySize => 4 * _hashSize;

    /// <inheritdoc/>
    public override bool IsPairedWith(DigestAlgorithm digest, bool signedAttributes)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return !signedAttributes || digest.Size >= 2 * _hashSize; // RFC 9814 §4; without attributes it is ignored
    }

    /// <inheritdoc/>
    public override DigestAlgorithm ChooseDigest(bool signedAttributes) => (_isShake, _hashSize) switch // RFC 9814 §4
    {
        (false, 16) => DigestAlgorithm.Sha256,
        (false, _) => DigestAlgorithm.Sha512,
        (true, 16) => DigestAlgorithm.Shake128,
        (true, _) => DigestAlgorithm.Shake256,
    };

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest) =>
        identifier.Parameters.IsEmpty && identifier.Oid.StartsWith(Arc, StringComparison.Ordinal)
            ? All.FirstOrDefault(s => s.Identifier.Oid == identifier.Oid)
            : null;

    private protected override SignatureCheck VerifyCore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        var signer = new SlhDsaSigner(Parameters, deterministic: true);
        signer.Init(forSigning: false, SlhDsaPublicKeyParameters.FromEncoding(Parameters, key.ToArray()));
        signer.BlockUpdate(message);
        return signer.VerifySignature(signature.ToArray()) ? SignatureCheck.Match : SignatureCheck.Mismatch;
    }
}
