using System.Collections.Concurrent;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What the tests over every signing case have in common.</summary>
internal static class SigningBattery
{
    private static readonly byte[] _content = SigningCase.Content;
    private static readonly ConcurrentDictionary<string, byte[]> _messages = new();

    internal static TheoryData<string> Spread { get; } = SigningCases.Names(SigningCases.Spread);

    // Some schemes take a second to sign.
    internal static byte[] Message(SigningCase signing) => _messages.GetOrAdd(signing.Name, _ => signing.Sign(_content));

    internal static void AssertHarmless(SigningCase signing, byte[] message, byte[] detached, string what)
    {
        SignedMessage read;
        try
        {
            read = SignedMessage.Read(message, detached, signing.Scheme.ReaderOptions);
        }
        catch (SmimeKitException)
        {
            return;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}\n{Convert.ToHexString(message)}");
            return;
        }

        foreach (SignerReport signer in read.Report.Signers.Where(s => s.Verdict is SignerVerdict.Valid))
        {
            Assert.True(_content.AsSpan().SequenceEqual(read.Content), $"{what}: valid over other content");
            Assert.True(signing.Signers.Any(s => IsSame(s.Certificate, signer, signing.Attributes)), $"{what}: valid for another certificate");
        }
    }

    // Without signed attributes nothing binds the certificate, only its key: a damaged one is for path validation to refuse.
    private static bool IsSame(Certificate expected, SignerReport signer, bool bound) =>
        bound ? expected.Equals(signer.Certificate) : expected.PublicKey.Key.Span.SequenceEqual(signer.Certificate!.PublicKey.Key.Span);
}
