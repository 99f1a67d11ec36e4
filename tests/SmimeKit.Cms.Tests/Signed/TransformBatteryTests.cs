using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What every transform of <see cref="Transform.All"/> goes through, over messages of every form.</summary>
public sealed class TransformBatteryTests
{
    private const string Definite = "rsa-sha256/attributes/issuer/definite/one";
    private const string Indefinite = "rsa-sha256/attributes/keyid/indefinite/several";
    private const string Detached = "rsa-sha256/bare/issuer/detached/one";

    private static readonly byte[] _content = SigningCase.Content;
    private static readonly Dictionary<string, byte[]> _messages =
        new[] { Definite, Indefinite, Detached }.ToDictionary(n => n, n => SigningCases.Named(n).Sign(_content));

    public static TheoryData<string, string> All { get; } = new(
        from transform in Transform.All
        from message in _messages.Keys
        select (transform.Name, message));

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3369-11.4-g")]
    [Trait("Requirement", "R3369-5.2-b")]
    public async Task Apply_AnyMessage_LeavesWhatTheTransformSays(string name, string message)
    {
        Transform transform = Transform.Named(name);
        SigningCase signing = SigningCases.Named(message);
        byte[]? detached = signing.IsDetached ? _content : null;
        byte[] result = transform.Apply(_messages[message], detached);
        AssertResult(transform, signing, result);
        AssertResult(transform, signing, await transform.ApplyAsync(DribblingStream.InChunks(_messages[message], 3), detached));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3369-11.4-g")]
    public void Apply_AnyMessage_CopiesSignedPartsOctetForOctet(string name, string message)
    {
        Transform transform = Transform.Named(name);
        SigningCase signing = SigningCases.Named(message);
        byte[] result = transform.Apply(_messages[message], signing.IsDetached ? _content : null);
        SignedDataReport before = Read(signing, _messages[message]).Report;
        foreach (SignerReport signer in transform.DropsSigners ? [] : before.Signers)
        {
            Assert.True(result.AsSpan().IndexOf(signer.Signature.Span) > 0, "the signature is there");
            foreach (byte[] attribute in signer.SignedAttributes.Select(a => ForgedAttribute.Of(a.Oid, a.Values.Select(v => v.ToArray()))))
            {
                Assert.True(result.AsSpan().IndexOf(attribute) > 0, "each signed attribute is there");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Apply_SplitAtEveryOffset_GivesTheSame(string name, string message)
    {
        Transform transform = Transform.Named(name);
        SigningCase signing = SigningCases.Named(message);
        byte[] original = _messages[message];
        int stride = LongTests.Enabled ? 1 : transform.Signs.Count > 0 || transform.Countersigns || transform.TimeStamps ? 37 : 5;
        for (int offset = 1; offset < original.Length; offset += stride)
        {
            byte[] result = transform.Apply(DribblingStream.SplitAt(original, offset), signing.IsDetached ? _content : null);
            AssertResult(transform, signing, result);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    public void Apply_TruncatedAtEveryOffset_IsMalformedAndLeavesNoWholeMessage(string name, string message)
    {
        Transform transform = Transform.Named(name);
        SigningCase signing = SigningCases.Named(message);
        byte[] original = _messages[message];
        for (int length = 0; length < original.Length; length++)
        {
            using var output = new MemoryStream();
            byte[] truncated = original[..length];
            SignedDataEdits edits = transform.Edits(signing.IsDetached ? _content : null);
            Assert.Throws<MalformedDataException>(() => SignedDataEditor.Apply(new MemoryStream(truncated), output, edits));
            Assert.Throws<MalformedDataException>(() => SignedMessage.Read(output.ToArray(), _content));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    public void Apply_EachByteFlipped_MakesNothingValid(string name, string message)
    {
        Transform transform = Transform.Named(name);
        SigningCase signing = SigningCases.Named(message);
        byte[]? detached = signing.IsDetached ? _content : null;
        byte[] original = _messages[message];
        int stride = LongTests.Enabled ? 1 : 3;
        for (int offset = 0; offset < original.Length; offset += stride)
        {
            byte[] flipped = [.. original];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            try
            {
                AssertHarmless(transform, signing, transform.Apply(flipped, detached), $"bit {offset % 8} of byte {offset}");
            }
            catch (SmimeKitException)
            {
                // Refused: the edits may not fit what the message has become.
            }
        }
    }

    // Those who were there stay valid for the old content only; those who are added sign what there is.
    private static void AssertHarmless(Transform transform, SigningCase signing, byte[] result, string what)
    {
        SignedMessage read = SignedMessage.Read(result, _content);
        foreach (SignerReport signer in read.Report.Signers.Where(s => s.Verdict is SignerVerdict.Valid))
        {
            bool isAdded = transform.Signs.Any(s => s.Certificate.Equals(signer.Certificate));
            Assert.True(isAdded || _content.AsSpan().SequenceEqual(read.Content), $"{what}: valid over other content");
            Assert.True(
                isAdded || signing.Signers.Any(s => s.Certificate.PublicKey.Key.Span.SequenceEqual(signer.Certificate!.PublicKey.Key.Span)),
                $"{what}: valid for another key");
        }
    }

    private static SignedMessage Read(SigningCase signing, byte[] message) => SignedMessage.Read(
        message, _content, resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([.. signing.Signers.Select(s => s.Certificate)]));

    private static void AssertResult(Transform transform, SigningCase signing, byte[] result)
    {
        SignedMessage read = Read(signing, result);
        IReadOnlyList<TestIdentity> signers = [.. transform.DropsSigners ? [] : signing.Signers, .. transform.Signs];
        read.AssertValid(signers, _content);
        Assert.Equal(signing.IsDetached || signers.Count == 0, read.Report.IsDetached);
        Assert.DoesNotContain("signed-data-version", transform.DropsSigners && !read.Report.IsDetached ? [] : read.Report.Deviations);
        foreach (SignerReport signer in read.Report.Signers)
        {
            Assert.All(transform.Attributes, oid => Assert.True(signer.UnsignedAttributes.Contains(oid)));
            if (transform.Countersigns)
            {
                Assert.IsType<SignerVerdict.Valid>(Assert.Single(signer.Countersignatures).Verdict);
            }

            if (transform.TimeStamps)
            {
                Assert.IsType<TimeStampVerdict.Valid>(Assert.Single(signer.TimeStamps).Verdict);
            }
        }
    }
}
