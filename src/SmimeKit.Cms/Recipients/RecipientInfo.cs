using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>One recipient as the message names it, RFC 5652 §6.2. A key agreement with several recipients gives several of these.</summary>
/// <remarks>Nothing here is verified: anyone can add, remove and reorder recipients of a message under way.</remarks>
public sealed class RecipientInfo
{
    private const byte KeyTransportTag = 0x30;
    private const byte KeyAgreementTag = 0xA1;
    private const byte KeyEncryptionKeyTag = 0xA2;
    private const byte PasswordTag = 0xA3;
    private const byte OtherTag = 0xA4;
    private const int LastVersion = 4; // RFC 5652 §6.2: the versions of RecipientInfos are 0, 2, 3 and 4.

    private RecipientInfo(RecipientKind kind, ReadOnlyMemory<byte> rawData)
    {
        Kind = kind;
        RawData = rawData;
    }

    /// <summary>Gets the kind of key management.</summary>
    public RecipientKind Kind { get; }

    /// <summary>Gets the version as written, which explains and does not decide; -1 when it is unreadable.</summary>
    public int Version { get; private init; } = -1;

    /// <summary>Gets the certificate that is addressed; null for the kinds that address none.</summary>
    public CertificateIdentifier? Identifier { get; private init; }

    /// <summary>Gets the octets that name a key-encryption key distributed before; empty for the other kinds.</summary>
    public ReadOnlyMemory<byte> KeyIdentifier { get; private init; }

    /// <summary>Gets the date beside a key identifier, which chooses among keys distributed before; null as a rule.</summary>
    public DateTimeOffset? KeyDate { get; private init; }

    /// <summary>Gets further data beside the identifier of a key-encryption key; null as a rule.</summary>
    public OtherKeyAttribute? OtherKeyAttribute { get; private init; }

    /// <summary>Gets the key transport, key agreement or key wrap algorithm; null when the kind is not known to this version.</summary>
    public AlgorithmIdentifier? KeyEncryptionAlgorithm { get; private init; }

    /// <summary>
    /// Gets the algorithm that derives a key-encryption key: from a password, or from the secret of a key encapsulation; null when the key comes from
    /// elsewhere, and for the other kinds.
    /// </summary>
    public AlgorithmIdentifier? KeyDerivationAlgorithm { get; private init; }

    /// <summary>Gets the key encapsulation mechanism; null for the other kinds.</summary>
    public AlgorithmIdentifier? KeyEncapsulationAlgorithm { get; private init; }

    /// <summary>Gets the identifier of the technique of an OtherRecipientInfo, in dotted form; null for the other kinds.</summary>
    public string? OtherType { get; private init; }

    /// <summary>Gets the value of an OtherRecipientInfo, encoded; empty for the other kinds.</summary>
    public ReadOnlyMemory<byte> OtherValue { get; private init; }

    /// <summary>Gets the encrypted content-encryption key; empty when the kind is not known to this version.</summary>
    public ReadOnlyMemory<byte> EncryptedKey { get; private init; }

    /// <summary>Gets the encoding of the RecipientInfo that holds this recipient.</summary>
    public ReadOnlyMemory<byte> RawData { get; }

    internal KeyAgreeRecipientInfoAsn? Agreement { get; private init; }

    internal KemRecipientInfoAsn? Encapsulation { get; private init; }

    /// <summary>Gets whether the version belongs to CMS: RecipientInfos of other versions are skipped (RFC 5652 §6.2).</summary>
    internal bool HasKnownVersion => Version is >= 0 and <= LastVersion;

    /// <summary>Gets how the message names the recipient, for people.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        Identifier is not null ? $"{Kind}: {Identifier}"
        : OtherType is not null ? $"{Kind}: {OtherType}"
        : !KeyIdentifier.IsEmpty ? $"{Kind}: {Convert.ToHexString(KeyIdentifier.Span)}"
        : $"{Kind}";

    /// <summary>Decodes one RecipientInfo. What does not decode is <see cref="RecipientKind.Unknown"/>, never an error (RFC 5652 §6.2).</summary>
    internal static IReadOnlyList<RecipientInfo> Decode(ReadOnlyMemory<byte> encoded) => encoded.Span[0] switch
    {
        KeyTransportTag when Der.TryDecode(encoded, KeyTransRecipientInfoAsn.Decode, out KeyTransRecipientInfoAsn transport, AsnEncodingRules.BER) =>
            [FromTransport(encoded, transport)],
        KeyAgreementTag when Der.TryDecode(encoded, KeyAgreeRecipientInfoAsn.Decode, out KeyAgreeRecipientInfoAsn? agreement, AsnEncodingRules.BER) =>
            FromAgreement(encoded, agreement!),
        KeyEncryptionKeyTag when Der.TryDecode(encoded, KekRecipientInfoAsn.Decode, out KekRecipientInfoAsn kek, AsnEncodingRules.BER) =>
            [FromKeyEncryptionKey(encoded, kek)],
        PasswordTag when Der.TryDecode(encoded, PasswordRecipientInfoAsn.Decode, out PasswordRecipientInfoAsn password, AsnEncodingRules.BER) =>
            [FromPassword(encoded, password)],
        OtherTag when Der.TryDecode(encoded, OtherRecipientInfoAsn.Decode, out OtherRecipientInfoAsn other, AsnEncodingRules.BER) =>
            [FromOther(encoded, other)],
        _ => [new RecipientInfo(RecipientKind.Unknown, encoded)],
    };

    private static RecipientInfo FromTransport(ReadOnlyMemory<byte> encoded, KeyTransRecipientInfoAsn transport) =>
        new(RecipientKind.KeyTransport, encoded)
        {
            Version = transport.Version,
            Identifier = transport.Rid,
            KeyEncryptionAlgorithm = transport.KeyEncryptionAlgorithm,
            EncryptedKey = transport.EncryptedKey,
        };

    private static RecipientInfo FromKeyEncryptionKey(ReadOnlyMemory<byte> encoded, KekRecipientInfoAsn kek) =>
        new(RecipientKind.KeyEncryptionKey, encoded)
        {
            Version = kek.Version,
            KeyIdentifier = kek.KeyIdentifier,
            KeyDate = kek.Date,
            OtherKeyAttribute = kek.Other,
            KeyEncryptionAlgorithm = kek.KeyEncryptionAlgorithm,
            EncryptedKey = kek.EncryptedKey,
        };

    private static RecipientInfo FromPassword(ReadOnlyMemory<byte> encoded, PasswordRecipientInfoAsn password) =>
        new(RecipientKind.Password, encoded)
        {
            Version = password.Version,
            KeyDerivationAlgorithm = password.KeyDerivationAlgorithm,
            KeyEncryptionAlgorithm = password.KeyEncryptionAlgorithm,
            EncryptedKey = password.EncryptedKey,
        };

    // One that names key encapsulation but holds something else is reported, and skipped (R3369-6.2-g).
    private static RecipientInfo FromOther(ReadOnlyMemory<byte> encoded, OtherRecipientInfoAsn other)
    {
        if (other.Type != Oids.OriKem || !Der.TryDecode(other.Value, KemRecipientInfoAsn.Decode, out KemRecipientInfoAsn? kem, AsnEncodingRules.BER))
        {
            return new RecipientInfo(RecipientKind.Other, encoded) { OtherType = other.Type, OtherValue = other.Value };
        }

        return new RecipientInfo(RecipientKind.KeyEncapsulation, encoded)
        {
            Version = kem!.Version,
            Identifier = kem.Rid,
            KeyEncapsulationAlgorithm = kem.Kem,
            KeyDerivationAlgorithm = kem.Kdf,
            KeyEncryptionAlgorithm = kem.Wrap,
            EncryptedKey = kem.EncryptedKey,
            OtherType = other.Type,
            OtherValue = other.Value,
            Encapsulation = kem,
        };
    }

    private static RecipientInfo[] FromAgreement(ReadOnlyMemory<byte> encoded, KeyAgreeRecipientInfoAsn agreement) =>
    [
        .. agreement.RecipientEncryptedKeys.Select(key => new RecipientInfo(RecipientKind.KeyAgreement, encoded)
        {
            Version = agreement.Version,
            Identifier = key.Rid,
            KeyDate = key.Date,
            KeyEncryptionAlgorithm = agreement.KeyEncryptionAlgorithm,
            EncryptedKey = key.EncryptedKey,
            Agreement = agreement,
        }),
    ];
}
