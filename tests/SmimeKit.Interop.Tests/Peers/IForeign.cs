using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>A foreign implementation of CMS.</summary>
public interface IForeign
{
    /// <summary>Gets the name that the tables use.</summary>
    string Name { get; }

    /// <summary>Skips the running test, loudly, when the program is missing.</summary>
    void Require()
    {
    }

    /// <summary>Verifies every signer of a message over a content. Null when all are good, otherwise what the peer says.</summary>
    string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers);

    /// <summary>Decrypts a message for one recipient. Null when the content comes out, otherwise what the peer says.</summary>
    string? FindObjection(byte[] message, byte[] content, TestIdentity recipient);

    /// <summary>Decrypts a message as the recipient of a case. Null when the content comes out, otherwise what the peer says.</summary>
    string? FindObjection(byte[] message, byte[] content, EnvelopeCase envelope) =>
        envelope.Scheme.IsSymmetric ? "It knows recipients by their certificates only." : FindObjection(message, content, envelope.Recipient);

    /// <summary>Signs as a case says; called only for cases that <see cref="Divergences.Signing"/> does not rule out.</summary>
    byte[] Sign(SigningCase signing, byte[] content);

    /// <summary>Encrypts as a case says; called only for cases that <see cref="Divergences.Encrypting"/> does not rule out.</summary>
    byte[] Encrypt(EnvelopeCase envelope, byte[] content);

    /// <summary>Takes a certificate out of a certs-only message. Null when it came out, otherwise what the peer says.</summary>
    string? FindObjection(byte[] message, Certificate certificate);

    /// <summary>Writes a certs-only message; called only for peers that <see cref="Divergences.WritesNoCertificates"/> does not name.</summary>
    byte[] WriteCertificate(TestIdentity identity);
}
