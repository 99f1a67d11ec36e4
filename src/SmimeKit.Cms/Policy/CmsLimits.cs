namespace SmimeKit.Cms.Policy;

/// <summary>Named budgets for hostile input. Sizes are in bytes. Whatever exceeds one ends with a <see cref="LimitExceededException"/>.</summary>
/// <remarks>The defaults are far above what real mail holds and far below what hurts; change them with <c>with</c>.</remarks>
public sealed record CmsLimits
{
    /// <summary>Gets the limits used when the caller names none.</summary>
    public static CmsLimits Default { get; } = new();

    /// <summary>Gets how deep ASN.1 values may nest. Real messages stay below 20; deeper ones attack stacks (CVE-2018-0739).</summary>
    public int MaxAsn1Depth { get; init; } = 64;

    /// <summary>
    /// Gets the size of all fields before the content together (recipient lists, digest algorithms), which are held in memory: 10,000 recipients by RSA of
    /// 4096 bits take 7 MiB.
    /// </summary>
    public int MaxHeaderSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Gets the size of one certificate. The largest in use, post-quantum ones, have 60 KiB.</summary>
    public int MaxCertificateSize { get; init; } = 256 * 1024;

    /// <summary>Gets how many certificates a message may carry. Paths have fewer than six; each is parsed and tried as an issuer.</summary>
    public int MaxCertificates { get; init; } = 200;

    /// <summary>Gets the size of all carried CRLs together: they are held in memory. The largest in public use have tens of mebibytes.</summary>
    public int MaxCrlSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>Gets how many CRLs a message may carry: matching each with each certificate is quadratic (CVE-2026-121482).</summary>
    public int MaxCrls { get; init; } = 50;

    /// <summary>Gets how many signers a message may have: each costs operations with a public key. Mail has one, rarely two or three.</summary>
    public int MaxSigners { get; init; } = 16;

    /// <summary>
    /// Gets how many signatures of a message are computed, those of countersigners and time-stamps included: several certificates may fit one signer's identifier, and each try costs an
    /// operation with a public key.
    /// </summary>
    public int MaxSignatureChecks { get; init; } = 100;

    /// <summary>Gets how many countersignatures are checked in a message, all levels together. More than one a signer is rare.</summary>
    public int MaxCountersignatures { get; init; } = 32;

    /// <summary>Gets how deep countersignatures may be over countersignatures: RFC 5652 §11.4 sets no end, real ones are over signers.</summary>
    public int MaxCountersignatureDepth { get; init; } = 8;

    /// <summary>Gets how many time-stamps are checked in a message. Each is a SignedData of its own; long-term archives add a few.</summary>
    public int MaxTimeStamps { get; init; } = 32;

    /// <summary>Gets how many digest algorithms a message may name: each costs a pass of hashing (CVE-2015-1792).</summary>
    public int MaxDigestAlgorithms { get; init; } = 16;

    /// <summary>
    /// Gets how many recipients are read; each encrypted key of a key agreement counts. The scan is linear, and <see cref="MaxKeyOperations"/> bounds
    /// what follows. Lists of a few thousand are in use.
    /// </summary>
    public int MaxRecipients { get; init; } = 10_000;

    /// <summary>
    /// Gets how many operations with private keys, and unwrappings with symmetric ones, are spent on a message whatever it names: a flood of decoys for
    /// one key, or an answer for each of them, costs no more (CVE-2026-42768). The owner of a few keys needs a few.
    /// </summary>
    public int MaxKeyOperations { get; init; } = 16;

    /// <summary>
    /// Gets how many PBKDF2 iterations all passwords together may cost a message: a second or two (CVE-2026-63572). Today's messages ask
    /// for up to a million.
    /// </summary>
    public long MaxPasswordIterations { get; init; } = 10_000_000;

    /// <summary>Gets the size of one RecipientInfo. A key agreement for 2000 recipients fits; others have less than 10 KiB.</summary>
    public int MaxRecipientInfoSize { get; init; } = 1024 * 1024;

    /// <summary>
    /// Gets the size of a set of attributes, and of a SignerInfo around it. Real ones have a few KiB; time-stamps with their certificates and signatures by
    /// SLH-DSA of 50 KiB add up.
    /// </summary>
    public int MaxAttributesSize { get; init; } = 1024 * 1024;

    /// <summary>
    /// Gets how much content is kept in memory for signatures over the message itself: EdDSA, ML-DSA, SLH-DSA and HSS/LMS without signed attributes
    /// need all of it at once (RFC 8419 §4). A reader learns only behind the content who signed how, so every message pays for it, and it
    /// is small. Longer content is signed with attributes only; a signature over it without them is reported as unsupported. 0 keeps none.
    /// </summary>
    public int MaxContentSignedWhole { get; init; } = 256 * 1024;

    /// <summary>Gets how much content waits in memory for its authentication tag, or for a decision, before it goes to a temporary file.</summary>
    public int MaxContentInMemory { get; init; } = 1024 * 1024;

    /// <summary>Gets how much content waits at all, in memory and in the temporary file. Nothing in that file is plaintext.</summary>
    public long MaxSpoolSize { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>
    /// Gets what all compressed layers of a message may inflate to. A message of ten mebibytes can hold ten gibibytes of zeros; mail that
    /// large does not come compressed.
    /// </summary>
    public long MaxInflatedSize { get; init; } = 1024L * 1024 * 1024;

    /// <summary>
    /// Gets how many times longer than what was read content may become. Text inflates to four times its length, logs to twenty; deflate
    /// reaches a thousand, and compressed layers inside each other multiply.
    /// </summary>
    public int MaxInflateRatio { get; init; } = 100;

    /// <summary>Gets what content may inflate to whatever the ratio: short content that repeats itself hurts nobody.</summary>
    public long MaxInflatedAtAnyRatio { get; init; } = 1024 * 1024;
}
