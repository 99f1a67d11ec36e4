using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit.TestKit.Signing;

/// <summary>A time-stamp token put together by hand, right unless something is replaced.</summary>
public sealed record ForgedTimeStamp
{
    public const string Policy = "1.2.3.4.1";
    public const string Purpose = "1.3.6.1.5.5.7.3.8";

    private static readonly Lazy<TestIdentity> _authority = new(() => Authority([Purpose], critical: true));

    /// <summary>Gets the usual authority.</summary>
    public static TestIdentity TimeStamper => _authority.Value;

    public TestIdentity Signer { get; init; } = TimeStamper;

    /// <summary>Gets what is stamped.</summary>
    public required byte[] Stamped { get; init; }

    public DigestAlgorithm ImprintDigest { get; init; } = DigestAlgorithm.Sha256;

    public byte[]? Imprint { get; init; }

    public byte[] Version { get; init; } = Asn.Number(1);

    public byte[] Serial { get; init; } = Asn.Number(4711);

    public byte[] GenTime { get; init; } = Asn.Write(w => w.WriteGeneralizedTime(SignedMessage.At));

    /// <summary>Gets everything after the time, encoded.</summary>
    public IEnumerable<byte[]> Options { get; init; } = [];

    public string ContentType { get; init; } = ForgedMessage.TstInfo;

    /// <summary>Gets the signed attributes beyond the usual; null for the signing certificate.</summary>
    public IEnumerable<byte[]>? Attributes { get; init; }

    public Func<ForgedMessage, ForgedMessage>? Message { get; init; }

    public static TestIdentity Authority(IEnumerable<string> purposes, bool critical)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestIdentity(TestAuthority.Issue("time-stamper", key, purposes, critical), key);
    }

    public byte[] Info => Asn.Sequence(
        Version,
        Asn.Oid(Policy),
        Imprint ?? Asn.Sequence(Asn.Algorithm(ImprintDigest.Oid), Asn.OctetString(ForgedAttribute.Hash(ImprintDigest, Stamped))),
        Serial,
        GenTime,
        [.. Options.SelectMany(o => o)]);

    public byte[] Encode()
    {
        byte[] certificateHash = ForgedAttribute.Hash(DigestAlgorithm.Sha256, Signer.Certificate.RawData.ToArray());
        var message = new ForgedMessage
        {
            Version = Asn.Number(3),
            ContentType = ContentType,
            SignedContent = Info,
            Signers = [new ForgedSigner
            {
                Identity = Signer,
                Attributes = m => [.. ForgedAttribute.Usual(m), .. Attributes ?? [ForgedAttribute.SigningCertificate(certificateHash)]],
            }],
        };
        return Message?.Invoke(message) ?? message;
    }

    public TimeStampToken Decode() => TimeStampToken.Decode(Encode());
}
