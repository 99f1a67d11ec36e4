using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>A SignerInfo put together by hand. The signature is right for whatever is made, unless it is replaced too.</summary>
public sealed record ForgedSigner
{
    public TestIdentity Identity { get; init; } = TestIdentity.P256;

    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    public byte[] Version { get; init; } = Asn.Number(1);

    /// <summary>Gets the encoded identifier; null for issuer and serial number.</summary>
    public byte[]? Sid { get; init; }

    /// <summary>Gets the encoded digest identifier.</summary>
    public byte[] DigestIdentifier
    {
        get => field ?? Asn.Algorithm(Digest.Oid);
        init;
    }

    /// <summary>Gets the encoded signature identifier; null for the one that suits key and digest.</summary>
    public byte[]? SignatureIdentifier { get; init; }

    /// <summary>Gets the encoded attributes to sign; null signs the content itself.</summary>
    public Func<ForgedMessage, IEnumerable<byte[]>>? Attributes { get; init; } = m => ForgedAttribute.Usual(m);

    /// <summary>Gets how the attributes are on the wire, from their DER under the tag of SET OF; null for the proper way.</summary>
    public Func<byte[], byte[]>? Wire { get; init; }

    /// <summary>Gets what is signed, from the DER of the attributes (or the content); null for just that.</summary>
    public Func<byte[], byte[]>? Input { get; init; }

    /// <summary>Gets the signature over an input; null for the key's.</summary>
    public Func<byte[], byte[]>? Sign { get; init; }

    /// <summary>Gets encoded unsigned attributes, tag included.</summary>
    public byte[] UnsignedAttributes { get; init; } = [];

    /// <summary>Gets the whole SignerInfo, from the proper one; null for that.</summary>
    public Func<byte[], byte[]>? Whole { get; init; }

    public static byte[] KeyIdentifier(byte[] value) => Asn.Tagged(0x80, [value]);

    public static byte[] IssuerAndSerial(Certificate certificate) => Asn.Sequence(
        certificate.Issuer.RawData.ToArray(),
        Asn.Write(w => w.WriteInteger(certificate.SerialNumber.Span)));

    /// <summary>Makes the SignerInfo for a message; for a countersignature the content of that is the signature.</summary>
    public byte[] Encode(ForgedMessage message)
    {
        byte[] attributes = Attributes is null ? [] : Asn.SortedSet(Attributes(message));
        byte[] input = Attributes is null ? message.SignedContent : attributes;
        input = Input?.Invoke(input) ?? input;
        byte[] info = Asn.Sequence(
            Version,
            Sid ?? IssuerAndSerial(Identity.Certificate),
            DigestIdentifier,
            attributes.Length == 0 ? [] : Wire is null ? Implicit(attributes) : Wire(attributes),
            SignatureIdentifier ?? DefaultSignatureIdentifier(),
            Asn.OctetString(Sign is null ? SignWithKey(input) : Sign(input)),
            UnsignedAttributes);
        return Whole?.Invoke(info) ?? info;
    }

    public static byte[] Implicit(byte[] attributes) => [0xA0, .. attributes.AsSpan(1)];

    public byte[] DefaultSignatureIdentifier() => Identity.Key is RSA
        ? RsaPkcs1Signature.Create(Digest).Identifier.Encode()
        : EcdsaSignature.Create(Digest).Identifier.Encode();

    public byte[] SignWithKey(byte[] input) => Identity.Key switch
    {
        RSA rsa => rsa.SignData(input, Digest.HashName, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => ecdsa.SignData(input, Digest.HashName, DSASignatureFormat.Rfc3279DerSequence),
        _ => throw new NotSupportedException(),
    };
}
