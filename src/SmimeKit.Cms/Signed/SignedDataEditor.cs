using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>
/// Transforms SignedData, RFC 5652 §5, in one forward pass from an input to an output: adds and drops signers, countersigns, adds
/// time-stamps and unsigned attributes, attaches and detaches content, changes what is carried. The content is never held in memory.
/// </summary>
/// <remarks>
/// Existing signatures stay as they are, octet for octet, and so does the content with its segments. A message that goes on to carry
/// content is written with indefinite lengths around it, because what follows is not known before; all others are definite. Nothing is
/// verified: a transform of an invalid message is an invalid message. docs/design/transforms.md says more.
/// </remarks>
public static class SignedDataEditor
{
    /// <summary>Copies a message with changes.</summary>
    /// <param name="input">The message in BER, PEM or base64; read forward to its end, never closed.</param>
    /// <param name="output">Takes the changed message in BER; written forward only, never closed. After an exception it holds no whole message.</param>
    /// <param name="edits">The changes.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the whole message is in the output.</returns>
    /// <exception cref="ArgumentException">The edits contradict each other, or a signer or an entry to carry is not allowed.</exception>
    /// <exception cref="TransformException">
    /// The edits do not fit the message: content is given that it carries, or missing that is needed, its type asks for signed attributes, or no
    /// signer is left.
    /// </exception>
    /// <exception cref="InvalidOperationException">The detached content is not as long as <see cref="SignedDataEdits.DetachedContentLength"/> says.</exception>
    /// <exception cref="MalformedDataException">The input is not SignedData.</exception>
    /// <exception cref="LimitExceededException">The input exceeds a limit.</exception>
    /// <exception cref="PolicyViolationException">
    /// A signer would sign what is a trap, or signers from which one inherits contradict each other.
    /// </exception>
    /// <exception cref="UnsupportedAlgorithmException">A key is of a kind that cannot sign.</exception>
    public static async ValueTask ApplyAsync(
        Stream input, Stream output, SignedDataEdits edits, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(input, output, edits);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        using var copy = new SignedDataCopy(cms, output, edits, options, synchronous: false);
        await copy.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ApplyAsync"/>
    public static void Apply(Stream input, Stream output, SignedDataEdits edits, CmsReaderOptions? options = null)
    {
        Check(input, output, edits);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        using var copy = new SignedDataCopy(cms, output, edits, options, synchronous: true);
        copy.RunAsync(CancellationToken.None).Finish();
    }

    private static void Check(Stream input, Stream output, SignedDataEdits edits)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(edits);
        SignedDataEdits.Check(edits);
    }
}
