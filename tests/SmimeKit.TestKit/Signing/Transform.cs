using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;

namespace SmimeKit.TestKit.Signing;

/// <summary>One transform of a SignedData, and what it leaves.</summary>
/// <param name="Name">The name.</param>
/// <param name="Edits">What is changed in a message, given what its content is when it is detached.</param>
public sealed record Transform(string Name, Func<byte[]?, SignedDataEdits> Edits)
{
    public const string UnknownOid = ForgedAttribute.UnknownOid;

    private static readonly CmsSigner _signer = new(TestIdentity.P256) { Digest = DigestAlgorithm.Sha384 };

    /// <summary>The registry: one line buys every test of the transforms.</summary>
    public static IReadOnlyList<Transform> All { get; } =
    [
        new("copy", _ => new SignedDataEdits()),
        new("add-signer", content => Given(content) with { AddedSigners = [_signer] }) { Signs = [TestIdentity.P256] },
        new("add-bare-signer", content => Given(content) with { AddedSigners = [_signer with { UseSignedAttributes = false }] })
        {
            Signs = [TestIdentity.P256],
        },
        new("countersign", _ => new SignedDataEdits
        {
            EditSigner = (s, c) => s.CountersignAsync(new CmsSigner(TestIdentity.P256), c),
            AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] },
        }) { Countersigns = true },
        new("countersign-countersigner", _ => new SignedDataEdits
        {
            EditSigner = CountersignTwice,
            AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] },
        }) { Countersigns = true },
        new("time-stamp", _ => new SignedDataEdits { EditSigner = Stamp }) { TimeStamps = true },
        new("add-attribute", _ => new SignedDataEdits { EditSigner = AddAttribute }) { Attributes = [UnknownOid] },
        new("drop-signers", _ => new SignedDataEdits { DropsSigners = true }) { DropsSigners = true },
        new("replace-signers", content => Given(content) with { DropsSigners = true, AddedSigners = [_signer] })
        {
            DropsSigners = true, Signs = [TestIdentity.P256],
        },
        new("carry-more", _ => new SignedDataEdits
        {
            AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P384.Certificate], Crls = [Asn.Crl()] },
        }),
        new("carry-other", _ => new SignedDataEdits
        {
            DropsCarried = true,
            AddedCarried = new CarriedCertificates { OtherCertificates = [Asn.Tagged(0xA3, Asn.Oid("1.2.3"), Asn.Number(1))] },
        }) { DropsCarried = true },
    ];

    /// <summary>Gets who signs too.</summary>
    public IReadOnlyList<TestIdentity> Signs { get; init; } = [];

    public bool Countersigns { get; init; }

    public bool TimeStamps { get; init; }

    public bool DropsSigners { get; init; }

    public bool DropsCarried { get; init; }

    /// <summary>Gets the unsigned attributes that every signer has afterwards.</summary>
    public IReadOnlyList<string> Attributes { get; init; } = [];

    public static Transform Named(string name) => All.Single(t => t.Name == name);

    public byte[] Apply(byte[] message, byte[]? detached = null) => Apply(new MemoryStream(message), detached);

    public byte[] Apply(Stream message, byte[]? detached = null)
    {
        using var output = new MemoryStream();
        SignedDataEditor.Apply(message, output, Edits(detached));
        return output.ToArray();
    }

    public async Task<byte[]> ApplyAsync(Stream message, byte[]? detached = null)
    {
        using var output = new MemoryStream();
        await SignedDataEditor.ApplyAsync(message, output, Edits(detached));
        return output.ToArray();
    }

    private static SignedDataEdits Given(byte[]? content) =>
        new()
        {
            DetachedContent = content is null ? null : new MemoryStream(content),
            AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] },
        };

    private static async ValueTask CountersignTwice(EditedSigner signer, CancellationToken cancellationToken)
    {
        await signer.CountersignAsync(new CmsSigner(TestIdentity.P256), cancellationToken);
        await signer.EditCountersignaturesAsync((c, token) => c.CountersignAsync(new CmsSigner(TestIdentity.P256), token), cancellationToken);
    }

    private static ValueTask Stamp(EditedSigner signer, CancellationToken cancellationToken)
    {
        signer.AddTimeStamp(new ForgedTimeStamp { Stamped = signer.Signature.ToArray() }.Decode());
        return ValueTask.CompletedTask;
    }

    private static ValueTask AddAttribute(EditedSigner signer, CancellationToken cancellationToken)
    {
        signer.AddUnsignedAttribute(new CmsAttribute(UnknownOid, Asn.Number(7)));
        return ValueTask.CompletedTask;
    }
}
