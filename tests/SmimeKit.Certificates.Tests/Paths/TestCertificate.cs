using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>A certificate to be issued, with every field free: also the combinations that no honest tool writes.</summary>
internal sealed record TestCertificate
{
    internal static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    internal static readonly DateTimeOffset End = new(2026, 12, 31, 23, 59, 59, TimeSpan.Zero);

    internal byte[] Subject { get; init; } = Name("CN=subject");

    internal byte[] Issuer { get; init; } = Name("CN=issuer");

    internal required TestKey Key { get; init; }

    internal DateTimeOffset NotBefore { get; init; } = Beginning;

    internal DateTimeOffset NotAfter { get; init; } = End;

    /// <summary>1, 2 or 3.</summary>
    internal int Version { get; init; } = 3;

    /// <summary>The algorithm inside the signed part, when it is to differ from the one outside.</summary>
    internal byte[]? TbsAlgorithm { get; init; }

    internal IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    internal static byte[] Name(string text) => new X500DistinguishedName(text).RawData;

    internal Certificate SignedWith(TestKey issuer) => Certificate.Decode(EncodeSignedWith(issuer));

    internal byte[] EncodeSignedWith(TestKey issuer)
    {
        byte[] tbs = EncodeTbs(TbsAlgorithm ?? issuer.Algorithm);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbs);
            writer.WriteEncodedValue(issuer.Algorithm);
            writer.WriteBitString(issuer.Sign(tbs));
        }

        return writer.Encode();
    }

    private byte[] EncodeTbs(byte[] algorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Version > 1)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteInteger(Version - 1);
                }
            }

            writer.WriteIntegerUnsigned([1, .. RandomNumberGenerator.GetBytes(8)]);
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(Issuer);
            using (writer.PushSequence())
            {
                writer.WriteGeneralizedTime(NotBefore, omitFractionalSeconds: true);
                writer.WriteGeneralizedTime(NotAfter, omitFractionalSeconds: true);
            }

            writer.WriteEncodedValue(Subject);
            writer.WriteEncodedValue(Key.PublicKeyInfo);
            WriteExtensions(writer);
        }

        return writer.Encode();
    }

    private void WriteExtensions(AsnWriter writer)
    {
        if (Extensions.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
        using (writer.PushSequence())
        {
            foreach (X509Extension extension in Extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(extension.Oid!.Value!);
                    if (extension.Critical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString(extension.RawData);
                }
            }
        }
    }
}
