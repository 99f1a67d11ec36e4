using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Finds further certificates for a signer, such as those of a store. What it returns is not trusted.</summary>
/// <param name="identifier">How the message names the certificate.</param>
/// <param name="cancellationToken">Ends the search.</param>
/// <returns>The candidates, best first; empty when there are none.</returns>
public delegate ValueTask<IReadOnlyList<Certificate>> SignerCertificateResolver(
    CertificateIdentifier identifier, CancellationToken cancellationToken);

/// <summary>Reads SignedData, RFC 5652 §5, in one forward pass.</summary>
/// <remarks><code>
/// SignedData ::= SEQUENCE {
///     version           CMSVersion,
///     digestAlgorithms  DigestAlgorithmIdentifiers,
///     encapContentInfo  EncapsulatedContentInfo,
///     certificates      [0] IMPLICIT CertificateSet OPTIONAL,
///     crls              [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///     signerInfos       SignerInfos }
/// </code>
/// The content is digested as it is read. It is provisional until <see cref="CompleteAsync"/> has reported on the signers; and even a
/// valid verdict says nothing about trust in the signer's certificate. The content of a detached signature reads as empty here: give
/// what was signed to <see cref="DigestDetachedAsync"/> or <see cref="UseDigests"/>.
/// </remarks>
public sealed partial class SignedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;

    private readonly ImmutableArray<string>.Builder _deviations = ImmutableArray.CreateBuilder<string>();
    private ContentDigester _digester = new([]);
    private ContentDigester? _externalDigester;
    private bool _contentMissing;
    private EncapsulatedContent _content;
    private int _version;

    private SignedDataReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    /// <summary>Gets the type of the content as an object identifier.</summary>
    public string EncapsulatedContentType => _content.ContentType;

    /// <summary>Gets whether the message carries no content: what was signed comes from outside, or nothing was (certs-only).</summary>
    public bool IsDetached { get; private set; }

    /// <summary>Gets the digest algorithms that the message announces.</summary>
    public IReadOnlyList<AlgorithmIdentifier> DigestAlgorithms { get; private set; } = [];

    /// <summary>
    /// Gets the budget of the message around this one, a time-stamp token; null for a message of its own. What is said about the
    /// signature of a token is not looked at: evidence about evidence has no end.
    /// </summary>
    internal SignatureBudget? Budget { get; init; }

    private BerTokenizer Ber => Input.Ber;

    /// <summary>Opens a message: reads up to the content.</summary>
    /// <param name="input">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not SignedData.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<SignedDataReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static SignedDataReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(cms, options, CancellationToken.None).Finish();
    }

    private protected override async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int count = await Ber.ReadOctetsAsync(destination, EncapsulatedContent.ContentField, cancellationToken).ConfigureAwait(false);
        _digester.Append(destination.Span[..count]);
        return count;
    }

    private protected override void Release()
    {
        _digester.Dispose();
        _externalDigester?.Dispose();
    }
}
