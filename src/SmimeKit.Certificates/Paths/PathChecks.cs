using System.Globalization;
using SmimeKit.Asn1;
using Codes = SmimeKit.Certificates.PathProblemCodes;

namespace SmimeKit.Certificates;

/// <summary>The checks of RFC 5280 §6.1 that need no search: one certificate at its place in a path.</summary>
internal sealed class PathChecks(PathValidationOptions options)
{
    private const KnownExtensions PolicyExtensions = KnownExtensions.CertificatePolicies | KnownExtensions.PolicyMappings
        | KnownExtensions.PolicyConstraints | KnownExtensions.InhibitAnyPolicy;

    // Whole seconds, rounded down: certificates know no others (RFC 5280 §4.1.2.5).
    private readonly DateTimeOffset _at = options.At.AddTicks(-(options.At.Ticks % TimeSpan.TicksPerSecond));

    private readonly CertificatePolicy _policy = options.Policy;

    /// <summary>Checks the leaf; null when there is nothing to say against it.</summary>
    internal List<PathProblem>? CheckLeaf(Certificate leaf, bool isAnchor)
    {
        List<PathProblem>? problems = null;
        CheckStructure(leaf, isAnchor, ref problems);
        if ((leaf.Decoded.Critical & KnownExtensions.NameConstraints) != 0)
        {
            Add(ref problems, leaf, Codes.NameConstraintsUnsupported, "Critical name constraints are not evaluated.");
        }

        CheckSubjectAlternativeNames(leaf, ref problems);
        CheckTime(leaf, ref problems);
        if (_policy.FindObjection(leaf.PublicKey) is { } objection)
        {
            Add(ref problems, leaf, Codes.WeakKey, objection);
        }

        if (options.Purpose != CertificatePurpose.Any)
        {
            CheckLeafKeyUsage(leaf, ref problems);
            CheckLeafExtendedKeyUsage(leaf, ref problems);
        }

        return problems;
    }

    /// <summary>Checks a certificate as issuer above a path; null when there is nothing to say against it.</summary>
    internal List<PathProblem>? CheckIssuer(IssuerCandidate candidate, PathNode below)
    {
        List<PathProblem>? problems = null;
        Certificate issuer = candidate.Certificate;
        CheckStructure(issuer, candidate.IsAnchor, ref problems);
        if ((issuer.Decoded.Present & KnownExtensions.NameConstraints) != 0)
        {
            Add(ref problems, issuer, Codes.NameConstraintsUnsupported, "Name constraints are not evaluated.");
        }

        if (!candidate.IsAnchor || _policy.CheckAnchorValidity)
        {
            CheckTime(issuer, ref problems);
        }

        CheckAuthority(candidate, below, ref problems);
        if (options.Purpose != CertificatePurpose.Any && _policy.NestedExtendedKeyUsage && _policy.ExtendedKeyUsage is { } wanted
            && issuer.Decoded.ExtendedKeyUsages is { } usages && !usages.Contains(wanted) && !usages.Contains(Oids.AnyExtendedKeyUsage))
        {
            Add(ref problems, issuer, Codes.IssuerExtendedKeyUsage, "The CA's extKeyUsage excludes the purpose.");
        }

        return problems;
    }

    /// <summary>Gives the warnings about a path without problems.</summary>
    internal List<PathProblem>? Warn(PathNode top)
    {
        List<PathProblem>? warnings = null;
        for (PathNode? node = top; node is not null; node = node.Below)
        {
            Certificate certificate = node.Certificate;
            if (CertificatePolicy.IsWeak(certificate.PublicKey))
            {
                string size = certificate.PublicKey.KeySize.ToString(CultureInfo.InvariantCulture);
                Add(ref warnings, certificate, Codes.WeakKey, certificate.PublicKey.IsDsa ? "DSA is obsolete." : $"The RSA key has only {size} bits.");
            }

            if (!node.IsComplete && certificate.ResolvedSignatureAlgorithm is { } algorithm && _policy.IsWeak(algorithm))
            {
                Add(ref warnings, certificate, Codes.WeakAlgorithm, $"Signatures with {algorithm.Digest!.Name} can be forged.");
            }

            if (node.Below is null && certificate.Subject.IsEmpty && (certificate.Decoded.Critical & KnownExtensions.SubjectAltName) == 0)
            {
                Add(ref warnings, certificate, Codes.EmptySubject, "The subject is empty and subjectAltName is not critical.");
            }
        }

        warnings?.Reverse();
        return warnings;
    }

    private static void CheckStructure(Certificate certificate, bool isAnchor, ref List<PathProblem>? problems)
    {
        DecodedExtensions extensions = certificate.Decoded;
        if (!certificate.TbsSignatureAlgorithm.IsEquivalentTo(certificate.SignatureAlgorithm))
        {
            Add(ref problems, certificate, Codes.AlgorithmMismatch, "The signature algorithms inside and outside the signed part differ.");
        }

        if (!isAnchor && certificate.Issuer.IsEmpty)
        {
            Add(ref problems, certificate, Codes.EmptyIssuer, "The issuer is empty.");
        }

        if (extensions.DuplicateOid is { } duplicate)
        {
            Add(ref problems, certificate, Codes.DuplicateExtension, $"The extension {duplicate} occurs twice.");
        }

        if (extensions.UnknownCriticalOid is { } unknown)
        {
            Add(ref problems, certificate, Codes.UnknownCriticalExtension, $"The critical extension {unknown} is not understood.");
        }

        if (extensions.Malformed != KnownExtensions.None)
        {
            Add(ref problems, certificate, Codes.MalformedExtension, $"The extension {extensions.Malformed} is malformed.");
        }

        if (certificate.Version < 3 && certificate.Extensions.Count > 0)
        {
            // RFC 5280 §4.1.2.9
            Add(ref problems, certificate, Codes.MalformedExtension, "Extensions need a certificate of version 3.");
        }

        if ((extensions.Critical & PolicyExtensions) != 0)
        {
            Add(ref problems, certificate, Codes.PolicyConstraintsUnsupported, "A critical policy extension is not evaluated.");
        }
    }

    private void CheckTime(Certificate certificate, ref List<PathProblem>? problems)
    {
        if (_at > certificate.NotAfter)
        {
            Add(ref problems, certificate, Codes.Expired, $"Expired on {Format(certificate.NotAfter)}.");
        }
        else if (_at < certificate.NotBefore)
        {
            Add(ref problems, certificate, Codes.NotYetValid, $"Not valid before {Format(certificate.NotBefore)}.");
        }

        static string Format(DateTimeOffset time) =>
            time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    // RFC 5280 §6.1.4 (k)-(n).
    private static void CheckAuthority(IssuerCandidate candidate, PathNode below, ref List<PathProblem>? problems)
    {
        Certificate issuer = candidate.Certificate;
        DecodedExtensions extensions = issuer.Decoded;
        bool knownOutOfBand = candidate.IsAnchor && issuer.Version < 3; // (k): versions 1 and 2 cannot say that they are CAs
        if (!extensions.IsCertificateAuthority && !knownOutOfBand)
        {
            Add(ref problems, issuer, Codes.NotACa, "The issuer is not a certification authority.");
        }

        if (extensions.PathLengthConstraint is { } limit && below.Intermediates > limit)
        {
            string message = string.Create(
                CultureInfo.InvariantCulture, $"{below.Intermediates} intermediate certificates follow where {limit} may.");
            Add(ref problems, issuer, Codes.PathLength, message);
        }

        if (extensions.KeyUsage is { } usage && (usage & KeyUsages.KeyCertSign) == 0)
        {
            Add(ref problems, issuer, Codes.IssuerKeyUsage, "The issuer's keyUsage lacks keyCertSign.");
        }
        else if (!KeyPurposes.HasAdmissibleUsages(issuer))
        {
            Add(ref problems, issuer, Codes.IssuerKeyUsage, "The issuer's keyUsage has a bit that is forbidden for the kind of key.");
        }
    }

    // A leaf's names are what it is about, so they have to decode (RFC 5280 §4.2.1.6).
    private static void CheckSubjectAlternativeNames(Certificate leaf, ref List<PathProblem>? problems)
    {
        try
        {
            _ = leaf.SubjectAlternativeNames;
        }
        catch (MalformedDataException)
        {
            Add(ref problems, leaf, Codes.MalformedExtension, "The extension SubjectAltName is malformed.");
        }
    }

    // RFC 8550 §4.4.2: absent keyUsage counts as every bit set; what the kind of key cannot do, no bit can grant.
    private void CheckLeafKeyUsage(Certificate leaf, ref List<PathProblem>? problems)
    {
        KeyUsages suitable = options.Purpose == CertificatePurpose.EmailSigning
            ? KeyPurposes.CanSign(leaf.PublicKey) ? _policy.SigningKeyUsages : KeyUsages.None
            : KeyPurposes.EncryptionUsages(leaf.PublicKey);
        if (suitable == KeyUsages.None)
        {
            Add(ref problems, leaf, Codes.KeyUsage, "The kind of key does not suit the purpose.");
        }
        else if (leaf.Decoded.KeyUsage is { } usage && (usage & suitable) == 0)
        {
            Add(ref problems, leaf, Codes.KeyUsage, $"keyUsage has none of: {suitable}.");
        }
        else if (!KeyPurposes.HasAdmissibleUsages(leaf))
        {
            Add(ref problems, leaf, Codes.KeyUsage, "keyUsage has a bit that is forbidden for the kind of key.");
        }
    }

    // RFC 8550 §4.4.4.
    private void CheckLeafExtendedKeyUsage(Certificate leaf, ref List<PathProblem>? problems)
    {
        if (_policy.ExtendedKeyUsage is not { } wanted)
        {
            return;
        }

        if (leaf.Decoded.ExtendedKeyUsages is not { } usages)
        {
            if (_policy.RequireExtendedKeyUsage)
            {
                Add(ref problems, leaf, Codes.ExtendedKeyUsage, "extKeyUsage is absent.");
            }
        }
        else if (!usages.Contains(wanted) && !(_policy.AcceptAnyExtendedKeyUsage && usages.Contains(Oids.AnyExtendedKeyUsage)))
        {
            Add(ref problems, leaf, Codes.ExtendedKeyUsage, "extKeyUsage excludes the purpose.");
        }
    }

    private static void Add(ref List<PathProblem>? problems, Certificate certificate, string code, string message) =>
        (problems ??= []).Add(new PathProblem(code, message, certificate));
}
