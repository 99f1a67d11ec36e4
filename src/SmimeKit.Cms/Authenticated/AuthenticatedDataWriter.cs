using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>Writes AuthenticatedData, RFC 5652 §9, in one forward pass: content with a MAC whose key is encrypted to recipients.</summary>
/// <remarks>The key is random, fresh, and never leaves the writer but encrypted (R3369-9.2-c). The content is not encrypted.</remarks>
public sealed class AuthenticatedDataWriter : CmsContentWriter
{
    private const byte OctetString = 0x04;
    private const byte AttributesTag = 0xA2;

    // What the writer makes itself, or what would say something about the content without protection (RFC 5652 §11).
    private static readonly string[] _ownAttributes = [Oids.ContentType, Oids.MessageDigest, Oids.CmsAlgorithmProtection];

    private readonly AuthenticatedDataWriterOptions _options;
    private readonly AlgorithmIdentifier _macIdentifier;
    private readonly AttributesLookalike _lookalike = new();
    private readonly byte[] _unauthenticatedAttributes;
    private readonly IncrementalDigest? _digest;
    private IncrementalMac? _mac;
    private EncapsulatedContentSpine? _spine;

    private AuthenticatedDataWriter(Stream output, AuthenticatedDataWriterOptions options)
        : base(output, options.ContentLength)
    {
        _options = options;
        _macIdentifier = options.Algorithm.CreateIdentifier();
        _digest = options.Digest?.CreateIncremental();
        _unauthenticatedAttributes = options.UnauthenticatedAttributes.Count == 0 ? [] : options.UnauthenticatedAttributes.Encode(Der.Context(3));
    }

    /// <summary>Begins a message: makes its key, encrypts it to the recipients and writes the header.</summary>
    /// <param name="output">The stream to write to; neither closed nor flushed.</param>
    /// <param name="options">The recipients and everything else.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">The options do not fit together; nothing has been written.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses an algorithm or a recipient's key, or a certificate is not for encryption.</exception>
    /// <exception cref="UnsupportedAlgorithmException">Encryption to a recipient's kind of key is not implemented.</exception>
    public static async ValueTask<AuthenticatedDataWriter> OpenAsync(
        Stream output, AuthenticatedDataWriterOptions options, CancellationToken cancellationToken = default)
    {
        (RecipientEncryption recipients, int keySize) = Plan(output, options);
        var writer = new AuthenticatedDataWriter(output, options) { Synchronous = false };
        return await writer.BeginAsync(recipients, keySize, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static AuthenticatedDataWriter Open(Stream output, AuthenticatedDataWriterOptions options)
    {
        (RecipientEncryption recipients, int keySize) = Plan(output, options);
        var writer = new AuthenticatedDataWriter(output, options) { Synchronous = true };
        return writer.BeginAsync(recipients, keySize, CancellationToken.None).Finish();
    }

    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        if (_digest is not null)
        {
            _digest.Append(content.Span);
        }
        else
        {
            _lookalike.Append(content.Span);
            _mac!.Append(content.Span);
        }

        return _options.IsDetached ? ValueTask.CompletedTask : _spine!.WriteAsync(content, cancellationToken);
    }

    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        if (_digest is null && CmsAttributes.LooksLikeSignedAttributes(_lookalike.Content))
        {
            throw new PolicyViolationException(
                "content-looks-like-attributes", "The content is a set of attributes: it is authenticated only with attributes.");
        }

        if (!_options.IsDetached)
        {
            await _spine!.EndContentAsync(cancellationToken).ConfigureAwait(false);
        }

        byte[] attributes = _digest is null ? [] : EncodeAttributes(_digest.GetDigest());
        if (attributes.Length > 0)
        {
            // The MAC covers the set under its universal tag; in the message it carries [2] (RFC 5652 §9.2).
            _mac!.Append(attributes);
            attributes[0] = AttributesTag;
            await Ber.WriteLeafAsync(attributes, cancellationToken).ConfigureAwait(false);
        }

        byte[] mac = _mac!.Finish();
        await Ber.WriteLeafAsync((byte[])[OctetString, (byte)mac.Length, .. mac], cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(_unauthenticatedAttributes, cancellationToken).ConfigureAwait(false);
        await _spine!.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private protected override void Release()
    {
        _mac?.Dispose();
        _digest?.Dispose();
    }

    private static (RecipientEncryption Recipients, int KeySize) Plan(Stream output, AuthenticatedDataWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ContentLength ?? 0, nameof(options.ContentLength));
        if (options.Digest is null && (options.ContentType != Oids.Data || options.AuthenticatedAttributes.Count > 0))
        {
            throw new ArgumentException("Attributes, and content other than id-data, need a digest (RFC 5652 §9.1).", nameof(options)); // R3369-9.1-d
        }

        if (options.AuthenticatedAttributes.Concat(options.UnauthenticatedAttributes).Any(a => _ownAttributes.Contains(a.Oid)))
        {
            throw new ArgumentException("content-type, message-digest and algorithm protection are made by the writer.", nameof(options));
        }

        string? rule = options.Policy.FindMacObjection(options.Algorithm.Oid, DateTimeOffset.MinValue)
            ?? (options.Digest is null ? null : options.Policy.FindDigestObjection(options.Digest.Oid, DateTimeOffset.MinValue));
        if (rule is not null)
        {
            throw new PolicyViolationException(rule, $"The policy does not write {options.Algorithm.Name} with {options.Digest?.Name ?? "no digest"}.");
        }

        int keySize = MacKeySize.Choose(options.Algorithm, options.Recipients);
        return (RecipientEncryption.Plan(options, keySize), keySize);
    }

    private async ValueTask<AuthenticatedDataWriter> BeginAsync(RecipientEncryption recipients, int keySize, CancellationToken cancellationToken)
    {
        bool succeeded = false;
        try
        {
            byte[] recipientInfos = await CreateKeyAsync(recipients, keySize, cancellationToken).ConfigureAwait(false);
            _spine = new EncapsulatedContentSpine(
                Ber, Oids.AuthenticatedData, EncodeStart(recipientInfos), _options.ContentType, _options.ContentLength);
            int attributes = _digest is null ? 0 : EncodeAttributes(new byte[_options.Digest!.Size]).Length;
            long tailSize = attributes + BerWriter.ValueSize(_options.Algorithm.Size) + _unauthenticatedAttributes.Length;
            await BeginSpineAsync(tailSize, cancellationToken).ConfigureAwait(false);
            succeeded = true;
            return this;
        }
        finally
        {
            if (!succeeded)
            {
                Dispose();
            }
        }
    }

    private ValueTask BeginSpineAsync(long tailSize, CancellationToken cancellationToken) => _options.IsDetached
        ? _spine!.BeginDetachedAsync(tailSize, cancellationToken)
        : _spine!.BeginAsync(tailSize, cancellationToken);

    private async ValueTask<byte[]> CreateKeyAsync(RecipientEncryption recipients, int keySize, CancellationToken cancellationToken)
    {
        byte[] key = RandomNumberGenerator.GetBytes(keySize);
        try
        {
            byte[] recipientInfos = await recipients.EncodeAsync(key, cancellationToken).ConfigureAwait(false);
            _mac = _options.Algorithm.Create(key, _macIdentifier);
            return recipientInfos;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private byte[] EncodeStart(byte[] recipientInfos)
    {
        AsnWriter writer = DerEncoding.CreateWriter(recipientInfos.Length + 128);
        writer.WriteAlgorithmIdentifier(_macIdentifier);
        if (_options.Digest is { } digest)
        {
            writer.WriteAlgorithmIdentifier(digest.ToIdentifier(), Der.Context(1));
        }

        return
        [
            .. CmsVersion.Encode(AuthenticatedDataVersion.Of(_options.Originator)), .. OriginatorInfoAsn.Encode(_options.Originator),
            .. recipientInfos, .. writer.Encode(),
        ];
    }

    // R3369-9.1-f, R8933-4.1-a.
    private byte[] EncodeAttributes(byte[] digest)
    {
        var protection = new AsnWriter(AsnEncodingRules.DER);
        AlgorithmProtection.WriteMacValue(protection, _options.Digest!.ToIdentifier(), _macIdentifier);
        var octets = new AsnWriter(AsnEncodingRules.DER);
        octets.WriteOctetString(digest);
        return new CmsAttributes(
        [
            new CmsAttribute(Oids.ContentType, DerEncoding.Oid(_options.ContentType)),
            new CmsAttribute(Oids.MessageDigest, octets.Encode()),
            new CmsAttribute(Oids.CmsAlgorithmProtection, protection.Encode()),
            .. _options.AuthenticatedAttributes,
        ]).Encode(Asn1Tag.SetOf);
    }
}
