using System.Formats.Asn1;
using Org.BouncyCastle.Cms;
using SmimeKit.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Countersignatures that are changed in turn: RFC 5652 §11.4.</summary>
public sealed class NestedCountersignatureTests
{
    private const string CountersignatureOid = "1.2.840.113549.1.9.6";

    private static readonly byte[] _content = "Signed by one, seen by many"u8.ToArray();

    [Fact]
    [Trait("Requirement", "R3369-11.4-f")]
    public async Task EditCountersignatures_CountersignedTwice_IsValidAtEachDepth()
    {
        byte[] message = await NestAsync();
        SignerReport signer = Assert.Single(SignedMessage.Read(message).Report.Signers);
        SignerReport first = Assert.Single(signer.Countersignatures);
        SignerReport second = Assert.Single(first.Countersignatures);
        Assert.Equal((TestIdentity.P256.Certificate, TestIdentity.OtherRsa.Certificate), (first.Certificate, second.Certificate));
        Assert.All([signer, first, second], s => Assert.IsType<SignerVerdict.Valid>(s.Verdict));
        Assert.Empty(second.Countersignatures);
    }

    [Fact]
    [Trait("Matrix", "countersignature, nested")]
    public async Task EditCountersignatures_CountersignedTwice_IsValidForBouncyCastle()
    {
        SignerInformation signer = Assert.Single(new CmsSignedData(await NestAsync()).GetSignerInfos());
        SignerInformation first = Assert.Single(signer.GetCounterSignatures());
        SignerInformation second = Assert.Single(first.GetCounterSignatures());
        Assert.True(signer.Verify(Bouncy(TestIdentity.Rsa)));
        Assert.True(first.Verify(Bouncy(TestIdentity.P256)));
        Assert.True(second.Verify(Bouncy(TestIdentity.OtherRsa)));
        Assert.False(second.Verify(Bouncy(TestIdentity.Rsa)));
    }

    [Fact]
    public async Task EditCountersignatures_Stamped_ReportsTheTimeStampOfTheCountersignature()
    {
        byte[] message = await ChangeAsync(await CountersignAsync(), (countersigner, _) =>
        {
            countersigner.AddTimeStamp(new ForgedTimeStamp { Stamped = countersigner.Signature.ToArray() }.Decode());
            return ValueTask.CompletedTask;
        });
        SignerReport signer = Assert.Single(SignedMessage.Read(message).Report.Signers);
        Assert.Empty(signer.TimeStamps);
        Assert.All(signer.Countersignatures, c => Assert.Single(c.TimeStamps));
        Assert.All(signer.Countersignatures, c => Assert.IsType<SignerVerdict.Valid>(c.Verdict));
    }

    [Fact]
    public async Task EditCountersignatures_NothingChanged_LeavesEveryOctet()
    {
        byte[] message = await CountersignAsync();
        Assert.Equal(message, await ChangeAsync(message, (_, _) => ValueTask.CompletedTask));
    }

    [Fact]
    public async Task EditCountersignatures_NothingChangedInBer_LeavesEveryOctet()
    {
        byte[] der = new ForgedSigner().Encode(new ForgedMessage());
        int header = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7F);
        byte[] ber = [der[0], 0x80, .. der[header..], 0, 0];
        SignerInfoAsn signerInfo = Der.Decode(ber, "signerInfos", SignerInfoAsn.Decode, AsnEncodingRules.BER);
        var signer = new EditedSigner(0, isAdded: false, ber, signerInfo, CmsPolicy.Default);

        await signer.EditCountersignaturesAsync((_, _) => ValueTask.CompletedTask);

        Assert.Equal(ber, signer.Encode().ToArray());
    }

    [Fact]
    public async Task EditCountersignatures_OneOfTwoDropped_LeavesTheOther()
    {
        byte[] message = await ChangeAsync(await CountersignAsync(), (countersigner, _) =>
        {
            if (countersigner.Index == 0)
            {
                countersigner.Drop();
            }

            return ValueTask.CompletedTask;
        });
        SignerReport left = Assert.Single(Assert.Single(SignedMessage.Read(message).Report.Signers).Countersignatures);
        Assert.IsType<SignerVerdict.Valid>(left.Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-l")]
    public async Task EditCountersignatures_AllDropped_LeavesNoAttribute()
    {
        byte[] message = await ChangeAsync(await CountersignAsync(), (countersigner, _) =>
        {
            countersigner.Drop();
            return ValueTask.CompletedTask;
        });
        SignerReport signer = Assert.Single(SignedMessage.Read(message).Report.Signers);
        Assert.Empty(signer.UnsignedAttributes);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
    }

    [Fact]
    public async Task EditCountersignatures_OneThatCannotBeRead_IsNotGivenAndStays()
    {
        byte[] message = await EditAsync(await CountersignAsync(), (signer, _) =>
        {
            signer.AddUnsignedAttribute(new CmsAttribute(CountersignatureOid, Asn.Number(1)));
            return ValueTask.CompletedTask;
        });
        var seen = new List<int>();
        byte[] result = await ChangeAsync(message, (countersigner, _) =>
        {
            seen.Add(countersigner.Index);
            return ValueTask.CompletedTask;
        });
        Assert.Equal([0, 1], seen);
        Assert.Equal(message, result);
    }

    [Fact]
    public async Task EditCountersignatures_AddedInTheSameCall_AreSeenWithTheOthers()
    {
        int seen = 0;
        await EditAsync(await CountersignAsync(), async (signer, token) =>
        {
            await signer.CountersignAsync(new CmsSigner(TestIdentity.P256), token);
            await signer.EditCountersignaturesAsync(
                (countersigner, _) =>
                {
                    seen++;
                    Assert.Equal(3, signer.UnsignedAttributes.OfType(CountersignatureOid).Sum(a => a.Values.Count));
                    return ValueTask.CompletedTask;
                },
                token);
        });
        Assert.Equal(3, seen);
    }

    private static async Task<byte[]> NestAsync()
    {
        byte[] once = await EditAsync(Sign(), (signer, token) => signer.CountersignAsync(new CmsSigner(TestIdentity.P256), token));
        return await ChangeAsync(once, (countersigner, token) => countersigner.CountersignAsync(new CmsSigner(TestIdentity.OtherRsa), token));
    }

    private static Task<byte[]> CountersignAsync() => EditAsync(Sign(), async (signer, token) =>
    {
        await signer.CountersignAsync(new CmsSigner(TestIdentity.P256), token);
        await signer.CountersignAsync(new CmsSigner(TestIdentity.OtherRsa), token);
    });

    private static byte[] Sign() => SigningCases.Named("rsa-sha256/attributes/issuer/definite/one").Sign(_content);

    private static Task<byte[]> ChangeAsync(byte[] message, SignerEdit edit) =>
        EditAsync(message, (signer, token) => signer.EditCountersignaturesAsync(edit, token));

    private static async Task<byte[]> EditAsync(byte[] message, SignerEdit edit)
    {
        using var output = new MemoryStream();
        await SignedDataEditor.ApplyAsync(new MemoryStream(message), output, new SignedDataEdits
        {
            EditSigner = edit,
            AddedCarried = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate, TestIdentity.OtherRsa.Certificate] },
        });
        return output.ToArray();
    }

    private static BouncyCertificate Bouncy(TestIdentity identity) => new(identity.Certificate.RawData.ToArray());
}
