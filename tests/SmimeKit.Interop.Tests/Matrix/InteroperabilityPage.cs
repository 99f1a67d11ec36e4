using System.Text.RegularExpressions;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>The page that publishes the tables of the tests.</summary>
internal static class InteroperabilityPage
{
    internal const string Path = "docs/design/interoperability.md";

    private static readonly SigningCase[] _signing = [.. SigningCases.All];
    private static readonly MatrixRow<SigningCase>[] _signingRows =
    [
        .. SigningScheme.All.Select(s => new MatrixRow<SigningCase>(s.Name, c => c.Scheme == s, IsScheme: true)),
        new("content inside, definite length", c => c.Form == SigningForm.Definite),
        new("content inside, indefinite length", c => c.Form == SigningForm.Indefinite),
        new("content detached", c => c.Form == SigningForm.Detached),
        new("without signed attributes", c => !c.Attributes),
        new("subjectKeyIdentifier", c => c.KeyIdentifier),
        new("several signers, several digests", c => c.Several),
    ];

    private static readonly EnvelopeCase[] _envelopes = [.. EnvelopeMatrix.All];
    private static readonly MatrixRow<EnvelopeCase>[] _envelopeRows =
    [
        .. RecipientRow.All.Where(s => s.HasPeers).Select(s => new MatrixRow<EnvelopeCase>(s.Name, c => c.Scheme == s, IsScheme: true)),
        .. EnvelopeCases.Ciphers.Select(a => new MatrixRow<EnvelopeCase>(a.Name, c => c.Cipher == a)),
        new("subjectKeyIdentifier", c => c.KeyIdentifier),
        new("several recipients", c => c.Several),
    ];

    internal static string Render() => $"""
        # Interoperability

        This page is derived from the tables of `tests/SmimeKit.Interop.Tests` and checked by a test there; do not edit it.
        `SMIMEKIT_UPDATE_DOCS=1` writes it anew.

        Peers: `openssl cms` 3.0 (openssl), `SignedCms` and `EnvelopedCms` of .NET {Version("System.Security.Cryptography.Pkcs")} on Linux
        (dotnet), Bouncy Castle for .NET {Version("BouncyCastle.Cryptography")} (bouncycastle), for Java 1.72 (bc-java), the S/MIME context of MimeKit {Version("MimeKit")} on it (mimekit), `cmsutil`
        of NSS 3.87 (nss), gpgsm 2.2 (gpgsm). A peer that is not installed skips its tests and says so.

        A "yes" stands for tests that combine the line with the others that the peer knows; a number beside it excepts some of them. A "no"
        is tried as well where the peer reads: when it begins to work, the test fails and the line changes. Where the peer writes, a "no"
        says that it has no way to write this. Where a note names an RFC, the RFC is on our side. Whole mails are exchanged in
        `tests/SmimeKit.Tests/Interop`.

        ## They verify what we sign

        {new Matrix<SigningCase>(_signing, _signingRows, Divergences.Verifying).Render()}
        Certs-only messages: all find our certificates.

        ## We verify what they sign

        {new Matrix<SigningCase>(_signing, _signingRows, Divergences.Signing).Render()}
        What is obsolete (MD5, SHA-1, DSA) is refused by default, and read by the legacy policy. Certs-only messages: {CertificatesOnly()}

        ## They decrypt what we encrypt

        ECDH wraps the key with AES of the cipher's key size; the digest named is that of the X9.63 key derivation.

        {new Matrix<EnvelopeCase>(_envelopes, [.. _envelopeRows.Where(r => _envelopes.Any(r.Includes))], Divergences.Decrypting).Render()}
        ## We decrypt what they encrypt

        {new Matrix<EnvelopeCase>([.. EnvelopeMatrix.All], _envelopeRows, Divergences.Encrypting).Render()}
        Triple-DES is refused by default, and read and written by the legacy policy.

        ## Other content types, and what few peers know

        Each line is tried with the peers that know it. `openssl cms` 3.0 has neither AuthenticatedData nor, as Debian builds it, compression; Bouncy Castle for
        .NET makes no HMAC in AuthenticatedData. What is empty is not asked.

        {PeerRows.Render()}
        ## ECDH and Bouncy Castle

        Bouncy Castle, and MimeKit with it, derives the key-encryption key from an ECC-CMS-SharedInfo whose `keyInfo` has NULL parameters,
        although the message (its own as well) has none, and which has no `entityUInfo`. RFC 3565 §2.3.2 wants the parameters of AES key wrap absent, and RFC 5753
        §7.2 puts the ukm there. `SharedInfoTests` proves it: one message of ours, whose wrapped key alone is made anew, opens there exactly
        when NULL is hashed and the ukm is not; `openssl cms` opens exactly the other form. Neither the digest of the derivation nor the
        curve matters. So no correct message reaches these two, and we write none that is wrong. Theirs are read and
        reported as `shared-info-parameters-null`; the strict policy refuses them.

        """;

    private static string CertificatesOnly() =>
        string.Join(" ", Divergences.WritesNoCertificates.Values.Prepend("those of all are read, but"));

    private static string Version(string package) =>
        VersionOf(package).Match(Repository.Read("Directory.Packages.props")).Groups["version"].Value;

    private static Regex VersionOf(string package) => new($"Include=\"{Regex.Escape(package)}\" Version=\"(?<version>[^\"]+)\"");
}
