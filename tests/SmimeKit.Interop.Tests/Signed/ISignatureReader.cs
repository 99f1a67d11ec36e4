using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>A foreign implementation that verifies SignedData.</summary>
public interface ISignatureReader
{
    string Name { get; }

    /// <summary>Skips the running test, loudly, when the program is missing.</summary>
    void Require();

    /// <summary>Verifies every signer of a message over a content. Null when all are good, otherwise what the peer says.</summary>
    string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers);
}
