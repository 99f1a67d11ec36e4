using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>A private key, which recognises its certificate by the rules of <see cref="CertificateIdentifier.Matches"/>.</summary>
internal sealed class PrivateKeySource : KeySource
{
    private const byte OctetString = 0x04;
    private const byte SegmentedOctetString = 0x24;
    private const byte IssuerAndSerial = 0x30;
    private const byte KeyIdentifier = 0x80;            // subjectKeyIdentifier [0] of key transport
    private const byte ConstructedZero = 0xA0;          // rKeyId [0] of key agreement; of the others a subjectKeyIdentifier in segments

    private readonly Certificate _certificate;
    private readonly ReadOnlyMemory<byte> _keyIdentifier;
    private byte[]? _computedFromKey;
    private byte[]? _computedFromInfo;

    internal PrivateKeySource(IDecryptionKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
        _certificate = key.Certificate;
        _keyIdentifier = SubjectKeyIdentifier.ExtensionOf(_certificate);
    }

    internal IDecryptionKey Key { get; }

    internal override Certificate Certificate => _certificate;

    internal override bool Matches(RecipientKind kind, BerValue rid) =>
        kind is RecipientKind.KeyTransport or RecipientKind.KeyAgreement or RecipientKind.KeyEncapsulation && MatchesCertificate(kind, rid);

    internal override (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, RecoveryContext context) =>
        recipient.Kind == RecipientKind.KeyEncapsulation ? DecapsulatedKey.Prepare(recipient, this, context)
        : recipient.Kind == RecipientKind.KeyTransport
            ? TransportedKey.Prepare(recipient, this, context.Policy)
            : AgreedKey.Prepare(recipient, this, context);

    internal override bool HasSameKeyAs(KeySource other) =>
        other is PrivateKeySource source && _certificate.PublicKey.Key.Span.SequenceEqual(source._certificate.PublicKey.Key.Span);

    private bool MatchesCertificate(RecipientKind kind, BerValue rid) => rid.Identifier switch
    {
        IssuerAndSerial => MatchesIssuerAndSerial(rid),
        KeyIdentifier => MatchesKeyIdentifier(rid.Content),
        ConstructedZero when kind != RecipientKind.KeyAgreement => MatchesKeyIdentifier(rid.Octets),
        ConstructedZero => BerValue.TryRead(rid.Content, out BerValue value) && value.Identifier is OctetString or SegmentedOctetString
            && MatchesKeyIdentifier(value.Octets),
        _ => false,
    };

    // The serial number differs nearly always, so it comes first; names are compared by their meaning only when it fits.
    private bool MatchesIssuerAndSerial(BerValue rid) =>
        rid.Content.EndsWith(_certificate.SerialNumber.Span)
        && BerValue.TryRead(rid.Content, out BerValue issuer)
        && BerValue.TryRead(rid.Content[issuer.Size..], out BerValue serial)
        && serial.Content.SequenceEqual(_certificate.SerialNumber.Span)
        && (issuer.Encoded.SequenceEqual(_certificate.Issuer.RawData.Span)
            || new DistinguishedName(issuer.Encoded.ToArray()).Equals(_certificate.Issuer));

    private bool MatchesKeyIdentifier(ReadOnlySpan<byte> value) =>
        (!_keyIdentifier.IsEmpty && value.SequenceEqual(_keyIdentifier.Span))
        || (value.Length == SHA1.HashSizeInBytes && MatchesComputed(value));

#pragma warning disable CA5350 // An identifier, not a signature.
    private bool MatchesComputed(ReadOnlySpan<byte> value)
    {
        _computedFromKey ??= SHA1.HashData(_certificate.PublicKey.Key.Span);
        _computedFromInfo ??= SHA1.HashData(_certificate.PublicKey.RawData.Span);
        return value.SequenceEqual(_computedFromKey) || value.SequenceEqual(_computedFromInfo);
    }
#pragma warning restore CA5350
}
