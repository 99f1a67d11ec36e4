using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Reads AuthEnvelopedData, RFC 5083: content encrypted for recipients, with a tag over content and attributes.</summary>
/// <remarks>
/// Nothing is handed out before the tag has verified (RFC 5083 §2.2), unless <see cref="ReleaseMode.Provisional"/> is chosen, which AES-CCM
/// cannot follow: its tag begins with what stands behind the content. A good tag proves that the content is what somebody encrypted under this key; it does not prove who. <code>
/// AuthEnvelopedData ::= SEQUENCE {
///     version, originatorInfo [0] OPTIONAL, recipientInfos, authEncryptedContentInfo,
///     authAttrs    [1] IMPLICIT AuthAttributes OPTIONAL,
///     mac          MessageAuthenticationCode,
///     unauthAttrs  [2] IMPLICIT UnauthAttributes OPTIONAL }
/// </code></remarks>
public sealed class AuthEnvelopedDataReader : EncryptedContentReader
{
    private const byte AuthenticatedAttributes = 0xA1;
    private const byte UnauthenticatedAttributes = 0xA2;
    private const int MaxMacSize = 64; // with tag and length; longer ones are refused below in any case
    private const string Name = "authEnvelopedData";

    private byte[] _additionalData = [];
    private CmsAttributes _attributes = CmsAttributes.Empty;
    private byte[]? _mac;
    private WithheldContent? _withheld;

    private AuthEnvelopedDataReader(CmsInput input, EnvelopeHeader header, CmsReaderOptions options)
        : base(input, header, options)
    {
    }

    private protected override bool Authenticates => true;

    private protected override string ContentName => Name;

    /// <summary>Opens a message and reads its header.</summary>
    /// <param name="message">The message as BER, PEM or base64; read forward only, not closed.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not AuthEnvelopedData.</exception>
    /// <exception cref="LimitExceededException">A limit of the options is exceeded.</exception>
    public static async ValueTask<AuthEnvelopedDataReader> OpenAsync(
        Stream message, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = await CmsInput.OpenAsync(message, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static AuthEnvelopedDataReader Open(Stream message, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        options ??= CmsReaderOptions.Default;
        CmsInput input = CmsInput.OpenAsync(message, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(input, options, CancellationToken.None).Finish();
    }

    /// <summary>Reads the header from an input that stands at the content; takes over the input, disposing it on failure.</summary>
    internal static async ValueTask<AuthEnvelopedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (input.ContentType != Oids.AuthEnvelopedData)
            {
                throw input.Ber.Malformed("content-type", "The message is not AuthEnvelopedData", "contentInfo.contentType");
            }

            EnvelopeHeader header = await EnvelopeHeader.ReadAsync(input, Name, cancellationToken).ConfigureAwait(false);
            return new AuthEnvelopedDataReader(input, header, options);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        base.Release();
        _withheld?.Dispose();
    }

    private protected override void CheckPlace(ContentEncryptionAlgorithm algorithm)
    {
        // Without a tag to check, the promise of the type would be empty (CVE-2026-34182).
        if (!algorithm.IsAuthenticated)
        {
            throw new MalformedDataException(
                "cipher-without-tag", "AuthEnvelopedData takes authenticating ciphers only", -1, "authEncryptedContentInfo.contentEncryptionAlgorithm");
        }
    }

    /// <inheritdoc/>
    private protected override ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        _withheld is null ? base.ReadContentAsync(destination, cancellationToken) : new ValueTask<int>(_withheld.Read(destination));

    /// <inheritdoc/>
    private protected override ValueTask UnlockContentAsync(ContentKey key, CancellationToken cancellationToken) =>
        Encryption.Algorithm.NeedsContentLength ? UnlockInTwoPassesAsync(key, cancellationToken)
            : Options.ReleaseMode == ReleaseMode.Provisional ? base.UnlockContentAsync(key, cancellationToken)
            : WithholdAsync((HashedStreamCipher)CreateCipher(key), key, cancellationToken);

    /// <inheritdoc/>
    private protected override ContentCipher CreateCipher(ContentKey key)
    {
        var cipher = (AuthenticatingCipher)base.CreateCipher(key);
        if (Encryption.Algorithm.NeedsContentLength && !cipher.Begin(_additionalData, Ciphertext.KeptLength))
        {
            cipher.Dispose();
            throw new DecryptionFailedException();
        }

        return cipher;
    }

    private protected override int GetExpectedVersion(DecryptionReport report) => EnvelopeVersion.OfAuthEnvelopedData;

    private protected override async ValueTask ReadTailAsync(CancellationToken cancellationToken)
    {
        if (_mac is not null)
        {
            return;
        }

        BerTokenizer ber = Input.Ber;
        await ber.LeaveAsync("authEncryptedContentInfo", cancellationToken).ConfigureAwait(false);
        if (await UnprotectedAttributesField.ReadSetAsync(Input, AuthenticatedAttributes, "authAttrs", cancellationToken).ConfigureAwait(false) is { } attributes)
        {
            // RFC 5083 §2.2: the DER of the set, under its universal tag, whatever was received.
            _additionalData = DerEncoding.Reencode(attributes, Asn1Tag.SetOf, Input.Limits.MaxAsn1Depth, "authAttrs");
            _attributes = Der.Decode(_additionalData, "authAttrs", r => CmsAttributes.Decode(r, Asn1Tag.SetOf));
        }
        else if (LacksAttributes && !Options.Policy.ToleratesDeviations)
        {
            throw ber.Malformed("authenticated-attributes-missing", "Content of this type needs authenticated attributes", "authAttrs");
        }

        byte[] mac = await ber.ReadLeafAsync("mac", MaxMacSize, nameof(MaxMacSize), cancellationToken).ConfigureAwait(false);
        _mac = Der.Decode(mac, "mac", r => r.ReadOctetString(), AsnEncodingRules.BER, ber.Position - mac.Length);
        if (_mac.Length != Encryption.TagSize) // R5084-3.1-b, R5084-3.2-d
        {
            throw ber.Malformed("mac-size", "The size of the tag is not the one that the algorithm's parameters name", "mac");
        }
    }

    private protected override int Grade(PlaintextReader plaintext) => IsGood(plaintext.Cipher) ? 1 : 0;

    private protected override async ValueTask<DecryptionReport> ReadRestAsync(DecryptionReport report, CancellationToken cancellationToken)
    {
        const string Field = "unauthAttrs";
        byte[]? encoded = await UnprotectedAttributesField.ReadSetAsync(Input, UnauthenticatedAttributes, Field, cancellationToken).ConfigureAwait(false);
        return report with
        {
            Deviations = LacksAttributes ? [.. report.Deviations, "authenticated-attributes-missing"] : report.Deviations,
            AuthenticatedAttributes = _attributes,
            UnauthenticatedAttributes = encoded is null
                ? CmsAttributes.Empty
                : Der.Decode(encoded, Field, r => CmsAttributes.Decode(r, Der.Context(2)), AsnEncodingRules.BER),
        };
    }

    private async ValueTask WithholdAsync(HashedStreamCipher cipher, ContentKey key, CancellationToken cancellationToken)
    {
        _withheld = new WithheldContent(cipher, Options);
        await _withheld.TakeAsync(Ciphertext, cancellationToken).ConfigureAwait(false);
        await ReadTailAsync(cancellationToken).ConfigureAwait(false);
        if (!IsGood(cipher) || key.IsLost)
        {
            throw new DecryptionFailedException(); // R5083-2.2-c: there is no plaintext to destroy
        }

        _withheld.Release();
    }

    // The tag starts with the length and the attributes, which come last. So the ciphertext is kept, and a first pass hands out nothing.
    private async ValueTask UnlockInTwoPassesAsync(ContentKey key, CancellationToken cancellationToken)
    {
        await Ciphertext.KeepAsync(cancellationToken).ConfigureAwait(false);
        await ReadTailAsync(cancellationToken).ConfigureAwait(false);
        if (await TryAsync(key, cancellationToken).ConfigureAwait(false) <= 0 || key.IsLost)
        {
            throw new DecryptionFailedException();
        }

        await base.UnlockContentAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private bool IsGood(ContentCipher cipher)
    {
        Span<byte> tag = stackalloc byte[ContentCipherParameters.MaxTagSize];
        ((AuthenticatingCipher)cipher).ComputeTag(_additionalData, tag);
        return CryptographicOperations.FixedTimeEquals(tag[.._mac!.Length], _mac) && NamesContentType();
    }

    // R5083-2.1-d: without them nothing protects the type.
    private bool LacksAttributes => _attributes.Count == 0 && EncapsulatedContentType != Oids.Data;

    // The tag covers the attributes but not the contentType beside the ciphertext: the attribute is what protects it.
    private bool NamesContentType() =>
        !_attributes.OfType(Oids.ContentType).Any()
        || (_attributes.FindSingle(Oids.ContentType) is { } value
            && Der.TryDecode(value, r => r.ReadObjectIdentifier(), out string? oid)
            && oid == EncapsulatedContentType);
}
