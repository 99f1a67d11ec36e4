using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Types;

/// <summary>A certificate by its subject key identifier, RFC 5652 §5.3.</summary>
public sealed class SubjectKeyIdentifier : CertificateIdentifier
{
    internal static readonly Asn1Tag Tag = Der.Context(0, constructed: false);

    /// <summary>Initializes an identifier.</summary>
    /// <param name="value">The octets of the identifier; kept, not copied.</param>
    public SubjectKeyIdentifier(ReadOnlyMemory<byte> value) => Value = value;

    /// <summary>Gets the octets of the identifier.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Creates the identifier of a certificate from its extension.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The identifier.</returns>
    /// <exception cref="ArgumentException">The certificate has no subjectKeyIdentifier extension.</exception>
    public static SubjectKeyIdentifier Of(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.SubjectKeyIdentifier.IsEmpty
            ? throw new ArgumentException("The certificate has no subjectKeyIdentifier extension.", nameof(certificate))
            : new SubjectKeyIdentifier(certificate.SubjectKeyIdentifier);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The extension comes first (RFC 5652 §5.3). Outlook 2010 computed identifiers instead: SHA-1 of the key's bits and SHA-1 of the
    /// whole SubjectPublicKeyInfo match too. A malformed extension counts as none.
    /// </remarks>
    public override bool Matches(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ReadOnlySpan<byte> extension = ExtensionOf(certificate).Span;
        return (!extension.IsEmpty && extension.SequenceEqual(Value.Span)) || (Value.Length == SHA1.HashSizeInBytes && MatchesComputed(certificate.PublicKey));
    }

    /// <inheritdoc/>
    public override string ToString() => $"key identifier {Convert.ToHexString(Value.Span)}";

    internal override void Encode(AsnWriter writer) => writer.WriteOctetString(Value.Span, Tag);

    /// <summary>Gets the identifier that a certificate claims; empty when it has none that can be read.</summary>
    internal static ReadOnlyMemory<byte> ExtensionOf(Certificate certificate)
    {
        try
        {
            return certificate.SubjectKeyIdentifier;
        }
        catch (MalformedDataException)
        {
            return default;
        }
    }

#pragma warning disable CA5350 // An identifier, not a signature.
    private bool MatchesComputed(SubjectPublicKeyInfo key) =>
        SHA1.HashData(key.Key.Span).AsSpan().SequenceEqual(Value.Span)
        || SHA1.HashData(key.RawData.Span).AsSpan().SequenceEqual(Value.Span);
#pragma warning restore CA5350
}
