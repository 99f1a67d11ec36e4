namespace SmimeKit.Certificates;

/// <summary>A certificate that may be the issuer of another. One object a certificate and search, so that visits can be counted.</summary>
internal sealed class IssuerCandidate(Certificate certificate, bool isAnchor)
{
    internal Certificate Certificate { get; } = certificate;

    internal bool IsAnchor { get; } = isAnchor;

    /// <summary>Gets or sets how many candidate paths already lead here.</summary>
    internal int Visits { get; set; }

    /// <summary>Orders candidates for one certificate: the smaller the likelier. Decides about nothing but the order.</summary>
    internal int RankFor(Certificate child)
    {
        const int SelfSigned = 4;
        ReadOnlySpan<byte> wanted = child.Decoded.AuthorityKeyIdentifier.Span;
        ReadOnlySpan<byte> own = Certificate.Decoded.SubjectKeyIdentifier.Span;
        int fit = wanted.IsEmpty || own.IsEmpty ? 2 : wanted.SequenceEqual(own) ? 1 : 3;
        return IsAnchor ? (fit == 3 ? 3 : 0) : Certificate.IsSelfIssued && fit != 1 ? SelfSigned : fit;
    }
}
