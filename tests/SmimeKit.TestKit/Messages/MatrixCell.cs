using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>One line of the published table of what is read and written: derived from the registries of the tests.</summary>
/// <param name="Area">What the line is about: content types, recipients, ciphers, signatures, MACs, attributes, what is carried.</param>
/// <param name="Name">The name in the registry. No two lines share one.</param>
/// <param name="Cases">How many cases of the batteries it has: round trips, truncation, flips and splits at every offset.</param>
/// <param name="IsWeak">Whether it is for the legacy policy only.</param>
public sealed record MatrixCell(string Area, string Name, int Cases, bool IsWeak)
{
    public const string ContentTypes = "content type";
    public const string Recipients = "recipient";
    public const string Ciphers = "cipher";
    public const string Signatures = "signature";
    public const string Macs = "MAC";
    public const string Attributes = "attribute";
    public const string Carried = "carried";

    public const string SignedData = "signedData";

    // What has no registry, since no two are tried alike. Each needs a citation.
    private static readonly string[] _attributes =
    [
        "content-type", "message-digest", "signing-time", "countersignature", "countersignature, nested", "sMIMECapabilities",
        "encryption key preferences", "signingCertificate", "signingCertificateV2", "CMSAlgorithmProtection", "signature time-stamp", "unknown attributes",
    ];

    private static readonly string[] _carried = ["certificates", "CRLs", "OCSP responses", "attribute certificates"];

    public static IReadOnlyList<MatrixCell> All { get; } =
    [
        new(ContentTypes, SignedData, SigningCases.All.Count(), IsWeak: false),
        .. MessageCases.All.Select(c => c.Name.Split('/')[0]).Distinct()
            .Select(type => new MatrixCell(ContentTypes, type, MessageCases.All.Count(c => c.Name.StartsWith(type + "/", StringComparison.Ordinal)), IsWeak: false)),
        .. RecipientRow.All.Select(r => new MatrixCell(Recipients, r.Name, CountOf(r.Name), r.IsWeak)),
        .. ContentEncryptionAlgorithm.BuiltIn.Select(a => new MatrixCell(
            Ciphers, a.Name, CountOf(a.Name), CmsPolicy.Default.FindContentEncryptionObjection(a.Oid, SignedMessage.At) is not null)),
        .. SigningScheme.All.Select(s => new MatrixCell(Signatures, s.Name, SigningCases.All.Count(c => c.Scheme == s), s.IsWeak)),
        .. MacAlgorithm.BuiltIn.Select(m => new MatrixCell(Macs, m.Name, CountOf(m.Name), CmsPolicy.Default.FindMacObjection(m.Oid, SignedMessage.At) is not null)),
        .. _attributes.Select(name => new MatrixCell(Attributes, name, 0, IsWeak: false)),
        .. _carried.Select(name => new MatrixCell(Carried, name, 0, IsWeak: false)),
    ];

    /// <summary>Gets whether the line stands for cases of the batteries: all but what has no registry, and what is only read.</summary>
    public bool HasCases => Area is not (Attributes or Carried) && Name != ContentEncryptionAlgorithm.DesCbc.Name;

    /// <summary>Gets the test classes that try it with published messages and numbers, or with a program in a way of their own.</summary>
    public IEnumerable<string> TestClasses => MatrixCitation.All.Where(c => c.Cell == Name).Select(c => c.TestClass).Distinct().Order(StringComparer.Ordinal);

    private static int CountOf(string part) => MessageCases.All.Count(c => c.Name.Contains($"/{part}/", StringComparison.Ordinal));
}
