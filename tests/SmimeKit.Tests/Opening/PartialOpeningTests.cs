using SmimeKit.Cms;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>Opening that stops early: at signatures, or where no key is at hand.</summary>
public sealed class PartialOpeningTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PeelsSignatures_SwitchedOff_RemovesEncryptionAndLeavesTheSignatureOctetByOctet(bool clear)
    {
        string signed = clear
            ? await RawMail.ClearSignedAsync()
            : RawMail.Pkcs7Mime(await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false));
        byte[] encrypted = await RawMail.EncryptAsync(RawMail.Bytes(signed), TestPerson.BobRsa, authenticated: true);
        SmimeOpenOptions options = TestMail.OpenOptions(TestPerson.BobRsa) with { PeelsSignatures = false };
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(encrypted), options);
        Assert.Equal(signed, RawMail.Text(content));
        Assert.Equal([LayerKind.Encrypted], report.Layers.Select(l => l.Kind));
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        (SmimeReport bare, byte[] same) = await OpenCmsAsync(encrypted, options);
        Assert.Equal(signed, RawMail.Text(same));
        Assert.Equal(content.Length, bare.ContentLength);
    }

    [Fact]
    public async Task PeelsSignatures_SwitchedOff_LeavesASignedFileAsItIs()
    {
        byte[] signed = await RawMail.SignAsync(RawMail.Bytes("anything"), detached: false);
        (SmimeReport report, byte[] content) = await OpenCmsAsync(signed, TestMail.OpenOptions() with { PeelsSignatures = false });
        Assert.Equal(signed, content);
        Assert.Empty(report.Layers);
    }

    [Fact]
    public async Task LayerFound_TellsOfALayerThatNoKeyOpens()
    {
        byte[] encrypted = await RawMail.EncryptAsync(RawMail.Bytes(RawMail.Entity), TestPerson.BobRsa, authenticated: false);
        byte[] signed = await RawMail.SignAsync(RawMail.Bytes(RawMail.Pkcs7Mime(encrypted)), detached: false);
        var found = new List<LayerReport>();
        SmimeOpenOptions options = TestMail.OpenOptions() with { LayerFound = found.Add };
        await Assert.ThrowsAsync<NoMatchingRecipientException>(() => RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(signed), options));
        Assert.Equal([LayerKind.Signed, LayerKind.Encrypted], found.Select(l => l.Kind));
        Assert.True(Assert.Single(found[1].Recipients).Identifier!.Matches(TestPerson.BobRsa.EncryptionCertificate));
        Assert.Null(found[1].OpenedFor);
    }

    [Fact]
    public async Task OpenedFor_NamesTheRecipientWhoseKeyOpenedTheLayer()
    {
        var options = new SmimeProtectOptions
        {
            Recipients = [TestPerson.CarolEc.EncryptionCertificate, TestPerson.BobRsa.EncryptionCertificate, TestPerson.DaveEc.EncryptionCertificate],
            EncryptsToSelf = false,
            At = TestPerson.Now,
        };
        using var cms = new MemoryStream();
        await new SmimeProtector(options).EncryptContentAsync(new MemoryStream([1, 2, 3]), cms);
        foreach (TestPerson reader in new[] { TestPerson.BobRsa, TestPerson.CarolEc, TestPerson.DaveEc })
        {
            (SmimeReport report, byte[] content) = await OpenCmsAsync(cms.ToArray(), TestMail.OpenOptions(reader));
            Assert.Equal([1, 2, 3], content);
            LayerReport layer = Assert.Single(report.Layers);
            Assert.Contains(layer.OpenedFor, layer.Recipients);
            Assert.True(layer.OpenedFor!.Identifier!.Matches(reader.EncryptionCertificate));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignContent_OfAnyOctets_IsVerified(bool detached)
    {
        byte[] octets = [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)];
        using var cms = new MemoryStream();
        await new SmimeProtector(TestMail.ProtectOptions(TestPerson.CarolEc)).SignContentAsync(new MemoryStream(octets), detached, cms);
        Assert.Equal("1.2.840.113549.1.7.2", CmsReader.FindContentType(cms.ToArray()));
        SmimeReport report;
        if (detached)
        {
            report = await new SmimeOpener(TestMail.OpenOptions()).VerifyDetachedAsync(new MemoryStream(cms.ToArray()), new MemoryStream(octets));
            Assert.True(cms.Length < 10_000);
        }
        else
        {
            (report, byte[] content) = await OpenCmsAsync(cms.ToArray(), TestMail.OpenOptions());
            Assert.Equal(octets, content);
        }

        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(octets.Length, report.ContentLength);
    }

    [Fact]
    [Trait("Requirement", "R3850-4-a")]
    [Trait("Requirement", "R3851-4-a")]
    public async Task EncryptContent_ToAnAddress_TakesItsValidatedCertificate()
    {
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa) with
        {
            RecipientAddresses = ["bob@example.net"],
            EncryptsToSelf = false,
        };
        using var cms = new MemoryStream();
        await new SmimeProtector(options).EncryptContentAsync(new MemoryStream([7]), cms);
        (_, byte[] content) = await OpenCmsAsync(cms.ToArray(), TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.Equal([7], content);
        StoreException missing = await Assert.ThrowsAsync<StoreException>(async () => await new SmimeProtector(
            options with { RecipientAddresses = ["nobody@example.net"] }).EncryptContentAsync(new MemoryStream([7]), cms));
        Assert.Equal("recipient-certificate-missing", missing.Code);
    }

    private static async Task<(SmimeReport Report, byte[] Content)> OpenCmsAsync(byte[] cms, SmimeOpenOptions options)
    {
        using var content = new MemoryStream();
        SmimeReport report = await new SmimeOpener(options).OpenCmsAsync(new MemoryStream(cms), content);
        return (report, content.ToArray());
    }
}
