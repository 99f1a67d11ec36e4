using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>
/// The extensions of one certificate that path validation needs, decoded once in one pass. A malformed extension is a fact here, not
/// an exception: it counts only when the certificate comes to be on a path.
/// </summary>
internal sealed class DecodedExtensions
{
    internal DecodedExtensions(IReadOnlyList<CertificateExtension> extensions)
    {
        for (int i = 0; i < extensions.Count; i++)
        {
            CertificateExtension extension = extensions[i];
            KnownExtensions kind = KnownExtension.Of(extension.Oid);
            if (kind == KnownExtensions.None ? IsRepeated(extensions, i) : (Present & kind) != 0)
            {
                DuplicateOid ??= extension.Oid;
                continue; // the accessors answer for the first one
            }

            Present |= kind;
            Critical |= extension.IsCritical ? kind : KnownExtensions.None;
            UnknownCriticalOid ??= extension.IsCritical && kind == KnownExtensions.None ? extension.Oid : null;
            if (!TryDecode(kind, extension.Value))
            {
                Malformed |= kind;
            }
        }
    }

    internal KnownExtensions Present { get; }

    internal KnownExtensions Critical { get; }

    /// <summary>Gets the extensions whose value does not decode; those left to others to decode are never among them.</summary>
    internal KnownExtensions Malformed { get; }

    internal string? DuplicateOid { get; }

    internal string? UnknownCriticalOid { get; }

    internal KeyUsages? KeyUsage { get; private set; }

    internal IReadOnlyList<string>? ExtendedKeyUsages { get; private set; }

    internal bool IsCertificateAuthority { get; private set; }

    internal int? PathLengthConstraint { get; private set; }

    internal ReadOnlyMemory<byte> SubjectKeyIdentifier { get; private set; }

    internal ReadOnlyMemory<byte> AuthorityKeyIdentifier { get; private set; }

    private static bool IsRepeated(IReadOnlyList<CertificateExtension> extensions, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (extensions[i].Oid == extensions[index].Oid)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryDecode(KnownExtensions kind, ReadOnlyMemory<byte> value)
    {
        switch (kind)
        {
            case KnownExtensions.KeyUsage:
                bool decoded = Der.TryDecode(value, ExtensionValues.ReadKeyUsage, out KeyUsages usage, AsnEncodingRules.BER);
                KeyUsage = decoded ? usage : null;
                return decoded;
            case KnownExtensions.ExtendedKeyUsage:
                decoded = Der.TryDecode(value, ExtensionValues.ReadOids, out IReadOnlyList<string>? purposes, AsnEncodingRules.BER);
                ExtendedKeyUsages = purposes;
                return decoded;
            case KnownExtensions.BasicConstraints:
                decoded = Der.TryDecode(value, ExtensionValues.ReadBasicConstraints, out (bool, int?) constraints, AsnEncodingRules.BER);
                (IsCertificateAuthority, PathLengthConstraint) = constraints;
                return decoded;
            case KnownExtensions.SubjectKeyIdentifier:
                decoded = Der.TryDecode(value, ExtensionValues.ReadKeyIdentifier, out ReadOnlyMemory<byte> own, AsnEncodingRules.BER);
                SubjectKeyIdentifier = own;
                return decoded;
            case KnownExtensions.AuthorityKeyIdentifier:
                decoded = Der.TryDecode(
                    value, ExtensionValues.ReadAuthorityKeyIdentifier, out ReadOnlyMemory<byte> issuer, AsnEncodingRules.BER);
                AuthorityKeyIdentifier = issuer;
                return decoded;
            default:
                return true;
        }
    }
}
