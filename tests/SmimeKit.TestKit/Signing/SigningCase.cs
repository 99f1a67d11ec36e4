using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit.TestKit.Signing;

/// <summary>Where the content is, and how lengths are written.</summary>
public enum SigningForm
{
    /// <summary>Inside, of known length.</summary>
    Definite,

    /// <summary>Inside, of unknown length: indefinite lengths and segments.</summary>
    Indefinite,

    /// <summary>Outside.</summary>
    Detached,
}

/// <summary>One message to make: a scheme with every choice of structure.</summary>
public sealed record SigningCase(SigningScheme Scheme, bool Attributes, bool KeyIdentifier, SigningForm Form, bool Several)
{
    public static readonly DateTimeOffset SigningTime = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>Gets the content: text with what makes parsers stumble.</summary>
    public static byte[] Content { get; } = "1 line\r\n\0\u0030\u0080 and bytes\r\n"u8.ToArray();

    public string Name => string.Join(
        '/',
        Scheme.Name,
        Attributes ? "attributes" : "bare",
        KeyIdentifier ? "keyid" : "issuer",
        Form.ToString().ToLowerInvariant(),
        Several ? "several" : "one");

    public bool IsDetached => Form == SigningForm.Detached;

    /// <summary>Gets the signers: the one of the scheme, and for several another kind of key with another digest.</summary>
    public IReadOnlyList<TestIdentity> Signers => Several ? [Scheme.Signer(), Second] : [Scheme.Signer()];

    /// <summary>Signs a content asynchronously.</summary>
    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> content)
    {
        using var output = new MemoryStream();
        await using SignedDataWriter writer = await SignedDataWriter.OpenAsync(output, Options(content.Length));
        await writer.Content.WriteAsync(content);
        await writer.CompleteAsync();
        return output.ToArray();
    }

    /// <summary>Signs a content synchronously.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, Options(content.Length));
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    /// <summary>Gets what the writer is told.</summary>
    public SignedDataWriterOptions Options(long contentLength) => new()
    {
        Signers = [.. Signers.Select(s => Describe(s))],
        IsDetached = IsDetached,
        ContentLength = Form == SigningForm.Definite ? contentLength : null,
        Certificates = [.. Signers.Select(s => s.Certificate)],
        Policy = Scheme.Policy,
    };

    public override string ToString() => Name;

    private TestIdentity Second => Scheme.IsEcdsa ? TestIdentity.OtherRsa : TestIdentity.P256;

    private DigestAlgorithm SecondDigest => Scheme.Digest == DigestAlgorithm.Sha256 ? DigestAlgorithm.Sha512 : DigestAlgorithm.Sha256;

    private bool IsFirst(TestIdentity signer) => ReferenceEquals(signer, Scheme.Signer());

    private CmsSigner Describe(TestIdentity signer) => new(signer)
    {
        Digest = IsFirst(signer) ? Scheme.Digest : SecondDigest,
        UsePss = IsFirst(signer) && Scheme.Pss,
        UseSubjectKeyIdentifier = KeyIdentifier,
        UseSignedAttributes = Attributes,
        SigningTime = Attributes ? SigningTime : null,
    };
}
