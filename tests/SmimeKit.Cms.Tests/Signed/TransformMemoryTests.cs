using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Transforms of content that is larger than memory may be.</summary>
[Collection(nameof(SignedDataMemoryTests))]
public sealed class TransformMemoryTests
{
    private const int BlockSize = 64 * 1024;
    private const long Size = 256L << 20;
    private const long MaxAllocated = 1024 * 1024;
    private const long MaxWorkingSetGrowth = 30L * 1024 * 1024;

    private static readonly byte[] _block = [.. Enumerable.Range(0, BlockSize).Select(i => (byte)(i * 11))];

    private static readonly SignedDataEdits _addSigner = new()
    {
        AddedSigners = [new CmsSigner(TestIdentity.P256)], AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] },
    };

    public static TheoryData<string> Transforms { get; } = ["add", "add, indefinite", "attach", "attach, length known", "detach", "add, detached"];

    [Theory]
    [MemberData(nameof(Transforms))]
    [Trait("Requirement", "R3369-2-c")]
    public async Task Apply_LargeContent_TakesFlatMemory(string name)
    {
        bool detached = name is "attach" or "attach, length known" or "add, detached";
        SigningForm form = detached ? SigningForm.Detached : name == "add, indefinite" ? SigningForm.Indefinite : SigningForm.Definite;
        EndsStream message = Sign(form);
        SignedDataEdits Edits() => name switch
        {
            "attach" => _addSigner with { AttachesContent = true, DetachedContent = Content() },
            "attach, length known" => _addSigner with { AttachesContent = true, DetachedContent = Content(), DetachedContentLength = Size },
            "detach" => new SignedDataEdits { DetachesTo = Stream.Null },
            "add, detached" => _addSigner with { DetachedContent = Content() },
            _ => _addSigner,
        };
        var output = new EndsStream(BlockSize);
        await AssertFlatAsync(() =>
        {
            SignedDataEditor.Apply(Message(form, message), output, Edits());
            return ValueTask.CompletedTask;
        });
        var again = new EndsStream(BlockSize);
        await AssertFlatAsync(() => SignedDataEditor.ApplyAsync(Message(form, message), again, Edits()));

        SigningForm left = name switch
        {
            "detach" or "add, detached" => SigningForm.Detached,
            "attach" or "add, indefinite" => SigningForm.Indefinite,
            _ => SigningForm.Definite,
        };
        using SignedDataReader reader = SignedDataReader.Open(Message(left, output));
        if (reader.IsDetached)
        {
            reader.DigestDetached(Content());
        }

        SignedDataReport report = reader.Complete(SignedMessage.At);
        Assert.Equal(Size, report.ContentLength);
        Assert.All(report.Signers, s => Assert.IsType<SignerVerdict.Valid>(s.Verdict));
        Assert.Equal(name == "detach" ? 1 : 2, report.Signers.Length);
    }

    private static EndsStream Sign(SigningForm form)
    {
        var message = new EndsStream(BlockSize);
        SigningCase signing = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one") with { Form = form };
        using SignedDataWriter writer = SignedDataWriter.Open(message, signing.Options(Size));
        Content().CopyTo(writer.Content);
        writer.Complete();
        return message;
    }

    private static RepeatingStream Content() => new([], _block, Size / BlockSize, []);

    private static Stream Message(SigningForm form, EndsStream ends)
    {
        if (form == SigningForm.Detached)
        {
            return new MemoryStream(ends.Head);
        }

        byte[] unit = form == SigningForm.Indefinite ? Asn.OctetString(_block) : _block;
        int head = ends.Head.AsSpan().IndexOf(unit.AsSpan(0, 1000));
        int tail = (int)(ends.Length - head - (unit.Length * (Size / BlockSize)));
        return new RepeatingStream(ends.Head[..head], unit, Size / BlockSize, ends.Tail[^tail..]);
    }

    private static async Task AssertFlatAsync(Func<ValueTask> action)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long workingSet = Environment.WorkingSet;
        await action();
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - allocated, 0, MaxAllocated);
        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, MaxWorkingSetGrowth);
        Assert.True(Size > 8 * MaxWorkingSetGrowth);
    }
}
