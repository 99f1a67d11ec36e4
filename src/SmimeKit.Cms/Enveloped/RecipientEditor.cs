using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>
/// Adds, removes and replaces the recipients of EnvelopedData, AuthEnvelopedData and AuthenticatedData, RFC 5652 §6.2, in one forward pass
/// from an input to an output. The content is copied octet for octet: it is neither decrypted nor encrypted again, and a tag or MAC stays valid.
/// </summary>
/// <remarks>
/// Whoever is added to an AuthenticatedData can make such a MAC from then on, as all its recipients can: with more than one recipient, a good MAC
/// does not say who made it. Recipients that stay are copied as they are, readable or not; so are originatorInfo, the attributes and the tag. The version becomes
/// the one that the table of RFC 5652 §6.1 asks for, or that of §9.1. Lengths that were definite stay definite. Nothing is verified: the message may be
/// damaged before and is damaged then afterwards. docs/design/transforms.md says more.
/// </remarks>
public static class RecipientEditor
{
    /// <summary>Copies a message with changed recipients.</summary>
    /// <param name="input">The message in BER, PEM or base64; read forward to its end, never closed.</param>
    /// <param name="output">Takes the changed message in BER; written forward only, never closed. After an exception it holds no whole message.</param>
    /// <param name="edits">The changes.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the whole message is in the output.</returns>
    /// <exception cref="ArgumentException">A recipient to add does not fit.</exception>
    /// <exception cref="TransformException">No recipient would be left.</exception>
    /// <exception cref="MalformedDataException">The input is none of EnvelopedData, AuthEnvelopedData and AuthenticatedData.</exception>
    /// <exception cref="LimitExceededException">The input exceeds a limit.</exception>
    /// <exception cref="NoMatchingRecipientException">Recipients are added, and no key at hand belongs to one that is there.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses the cipher or the MAC, a key, or a recipient to add.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The cipher or the MAC, a key management or a recipient's kind of key is not implemented.</exception>
    /// <exception cref="DecryptionFailedException">The key could not be recovered, or several may be it: the content would have to decide.</exception>
    public static async ValueTask ApplyAsync(
        Stream input, Stream output, RecipientEdits edits, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        Check(input, output, edits);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        using var copy = new RecipientCopy(cms, output, edits, options, synchronous: false);
        await copy.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ApplyAsync"/>
    public static void Apply(Stream input, Stream output, RecipientEdits edits, CmsReaderOptions? options = null)
    {
        Check(input, output, edits);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        using var copy = new RecipientCopy(cms, output, edits, options, synchronous: true);
        copy.RunAsync(CancellationToken.None).Finish();
    }

    private static void Check(Stream input, Stream output, RecipientEdits edits)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentNullException.ThrowIfNull(edits.Added);
        ArgumentNullException.ThrowIfNull(edits.Keys);
    }
}
