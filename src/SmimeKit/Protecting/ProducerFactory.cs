using MimeKit;
using SmimeKit.Capabilities;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;

namespace SmimeKit.Protecting;

/// <summary>Builds the chain of producers for the layers asked for, after every key and certificate has been found.</summary>
internal sealed class ProducerFactory(SmimeProtectOptions options, Correspondents correspondents)
{
    private readonly CertificateChooser _chooser = new(options);

    /// <summary>Wraps an entity in layers, innermost first.</summary>
    internal async ValueTask<EntityProducer> CreateAsync(
        MimeEntity entity, IReadOnlyList<ProtectionLayer> layers, CancellationToken cancellationToken)
    {
        SignSafeEncoding.Apply(entity, cancellationToken);
        EntityProducer producer = new PlainProducer(entity);
        foreach (ProtectionLayer layer in layers)
        {
            producer = layer == ProtectionLayer.Sign
                ? await SignAsync(producer, cancellationToken).ConfigureAwait(false)
                : await EncryptAsync(producer, null, cancellationToken).ConfigureAwait(false);
        }

        return producer;
    }

    /// <summary>Signs content of any type as CMS.</summary>
    internal async ValueTask<CmsProducer> SignContentAsync(StreamProducer content, bool isDetached, CancellationToken cancellationToken)
    {
        (SignedDataWriterOptions signature, _) = await DescribeSignatureAsync(cancellationToken).ConfigureAwait(false);
        return CreateSigned(content, signature with { IsDetached = isDetached, ContentLength = content.Length });
    }

    /// <summary>Encrypts content of any type as CMS.</summary>
    internal ValueTask<CmsProducer> EncryptContentAsync(StreamProducer content, CancellationToken cancellationToken) =>
        EncryptAsync(content, content.Length, cancellationToken);

    private async ValueTask<EntityProducer> SignAsync(EntityProducer inner, CancellationToken cancellationToken)
    {
        (SignedDataWriterOptions signature, IReadOnlyList<ISigningKey> keys) =
            await DescribeSignatureAsync(cancellationToken).ConfigureAwait(false);
        return options.Form == SigningForm.Clear
            ? new ClearSignedProducer(inner, signature with { IsDetached = true }, Micalg(keys))
            : CreateSigned(inner, signature);
    }

    private static CmsProducer CreateSigned(EntityProducer inner, SignedDataWriterOptions signature) =>
        new("signed-data", async (output, token) =>
        {
            using SignedDataWriter writer = await SignedDataWriter.OpenAsync(output, signature, token).ConfigureAwait(false);
            await inner.WriteAsync(writer.Content, token).ConfigureAwait(false);
            await writer.CompleteAsync(token).ConfigureAwait(false);
        });

    private async ValueTask<(SignedDataWriterOptions Signature, IReadOnlyList<ISigningKey> Keys)> DescribeSignatureAsync(
        CancellationToken cancellationToken)
    {
        if (options.Digest is { } digest && options.Policy.FindDigestObjection(digest.Oid, options.Now) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses signatures with {digest.Name}.");
        }

        IReadOnlyList<ISigningKey> keys = await _chooser.FindSigningKeysAsync(correspondents.From, cancellationToken).ConfigureAwait(false);
        Certificate? own = await _chooser.FindOwnCertificateAsync(correspondents.From, cancellationToken).ConfigureAwait(false);
        var carried = new List<Certificate>();
        foreach (ISigningKey key in keys)
        {
            carried.AddRange(await _chooser.FindCarriedAsync(key, own, cancellationToken).ConfigureAwait(false));
        }

        var signature = new SignedDataWriterOptions
        {
            Signers = [.. keys.Select(k => Describe(k, own))],
            Certificates = carried,
            Policy = options.Policy,
        };
        return (signature, keys);
    }

    private CmsSigner Describe(ISigningKey key, Certificate? own) => new(key)
    {
        Digest = options.Digest,
        UsePss = options.UsesPss,
        UseSubjectKeyIdentifier = options.UsesSubjectKeyIdentifier,
        UseSignedAttributes = options.UsesSignedAttributes,

        // The same instant as the Date field: Thunderbird refuses mail where they differ.
        SigningTime = options.UsesSignedAttributes ? correspondents.Date ?? options.Now : null,
        SignedAttributes = options.UsesSignedAttributes ? Announce(own) : [],
    };

    private static IReadOnlyList<CmsAttribute> Announce(Certificate? own) =>
        own is null
            ? [SmimeCapabilities.Own.ToAttribute()]
            : [SmimeCapabilities.Own.ToAttribute(), .. EncryptionKeyPreference.Create(own)];

    // RFC 8551 §3.5.3.2: every digest once.
    private string Micalg(IReadOnlyList<ISigningKey> keys) => string.Join(',', keys
        .Select(k => SignatureAlgorithm.ForKey(k.Certificate.PublicKey, options.Digest, options.UsesPss))
        .OfType<SignatureAlgorithm>()
        .Select(s => (s.SignsMessage ? options.Digest : null) ?? s.ChooseDigest(options.UsesSignedAttributes))
        .Select(d => d.Name)
        .Distinct());

    private async ValueTask<CmsProducer> EncryptAsync(EntityProducer inner, long? length, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecipientChoice> recipients = await _chooser.FindRecipientsAsync(correspondents, cancellationToken).ConfigureAwait(false);
        ContentEncryptionAlgorithm algorithm = AlgorithmChooser.ChooseContentEncryption(options, recipients);
        IReadOnlyList<CertificateRecipient> described = AlgorithmChooser.Describe(options, recipients);
        if (algorithm.IsAuthenticated)
        {
            var authenticated = new AuthEnvelopedDataWriterOptions
            {
                Recipients = described,
                Algorithm = algorithm,
                ContentLength = length,
                Policy = options.Policy,
            };
            return new CmsProducer("authEnveloped-data", async (output, token) =>
            {
                using AuthEnvelopedDataWriter writer = await AuthEnvelopedDataWriter.OpenAsync(output, authenticated, token).ConfigureAwait(false);
                await inner.WriteAsync(writer.Content, token).ConfigureAwait(false);
                await writer.CompleteAsync(token).ConfigureAwait(false);
            });
        }

        var enveloped = new EnvelopedDataWriterOptions
        {
            Recipients = described,
            Algorithm = algorithm,
            ContentLength = length,
            Policy = options.Policy,
        };
        return new CmsProducer("enveloped-data", async (output, token) =>
        {
            using EnvelopedDataWriter writer = await EnvelopedDataWriter.OpenAsync(output, enveloped, token).ConfigureAwait(false);
            await inner.WriteAsync(writer.Content, token).ConfigureAwait(false);
            await writer.CompleteAsync(token).ConfigureAwait(false);
        });
    }
}
