using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>One signer of a message that is being transformed. What is signed is never touched; only unsigned attributes change.</summary>
/// <remarks>Nothing here has been verified. Use it inside the <see cref="SignedDataEdits.EditSigner"/> call that it is given to.</remarks>
public sealed class EditedSigner
{
    private readonly ReadOnlyMemory<byte> _encoded;
    private readonly SignerInfoAsn _signer;
    private readonly CmsPolicy _policy;
    private SignerInfoParts? _parts;

    internal EditedSigner(int index, bool isAdded, ReadOnlyMemory<byte> encoded, SignerInfoAsn signer, CmsPolicy policy)
    {
        Index = index;
        IsAdded = isAdded;
        _encoded = encoded;
        _signer = signer;
        _policy = policy;
        UnsignedAttributes = signer.UnsignedAttributes;
    }

    /// <summary>Gets the position among the signers of the message, from 0; those that are added follow those that were there.</summary>
    public int Index { get; }

    /// <summary>Gets whether the signer is being added by the same transform.</summary>
    public bool IsAdded { get; }

    /// <summary>Gets how the message names the signer's certificate.</summary>
    public CertificateIdentifier Identifier => _signer.Identifier;

    /// <summary>Gets the signed attributes, empty when there are none or they cannot be read.</summary>
    public CmsAttributes SignedAttributes => _signer.ReadSignedAttributes();

    /// <summary>Gets the octets of the signature: what a countersignature or a time-stamp is about.</summary>
    public ReadOnlyMemory<byte> Signature => _signer.Signature;

    /// <summary>Gets the unsigned attributes as they will be written.</summary>
    public CmsAttributes UnsignedAttributes { get; private set; }

    /// <summary>Gets whether the signer will be left out.</summary>
    public bool IsDropped { get; private set; }

    internal bool IsVersion3 => _signer.ProperVersion == 3;

    internal AlgorithmIdentifier DigestAlgorithm => _signer.DigestAlgorithm;

    /// <summary>Leaves the signer out.</summary>
    public void Drop() => IsDropped = true;

    /// <summary>Adds an unsigned attribute. Those that are there stay as they are, octet for octet.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <exception cref="ArgumentException">The attribute is never unsigned, or has no value.</exception>
    public void AddUnsignedAttribute(CmsAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        SignerAttributeRules.CheckUnsigned([attribute]);
        byte[] encoded = attribute.Encode();
        SignerInfoParts parts = Parts;
        _parts = parts with { UnsignedAttributes = EncodedSet.Add(parts.UnsignedAttributes, [encoded]) };
        UnsignedAttributes = new CmsAttributes([.. UnsignedAttributes, attribute]);
    }

    /// <summary>Removes unsigned attributes.</summary>
    /// <param name="oid">The type as an object identifier.</param>
    /// <returns>How many were removed.</returns>
    public int RemoveUnsignedAttributes(string oid)
    {
        ArgumentException.ThrowIfNullOrEmpty(oid);
        int removed = UnsignedAttributes.OfType(oid).Count();
        if (removed > 0)
        {
            SignerInfoParts parts = Parts;
            _parts = parts with { UnsignedAttributes = [.. parts.UnsignedAttributes.Where(a => !IsOfType(a, oid))] };
            UnsignedAttributes = new CmsAttributes([.. UnsignedAttributes.Where(a => a.Oid != oid)]);
        }

        return removed;
    }

    /// <summary>Countersigns the signature (RFC 5652 §11.4). The countersigner's certificate is carried only when it is added too.</summary>
    /// <remarks>The signature is not verified here: verify it with <see cref="SignedDataReader"/> first (RFC 5652 §14).</remarks>
    /// <param name="countersigner">How to sign. No further signed attributes are allowed (RFC 2634 §1.3.4).</param>
    /// <param name="cancellationToken">Ends an operation with a remote key.</param>
    /// <returns>A task that ends when the attribute has been added.</returns>
    /// <exception cref="ArgumentException">The countersigner's attributes are not allowed.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The key is of a kind that cannot sign.</exception>
    /// <exception cref="PolicyViolationException">The policy of the transform refuses an algorithm or the size of the key.</exception>
    public async ValueTask CountersignAsync(CmsSigner countersigner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(countersigner);
        var builder = new SignerInfoBuilder(countersigner, SignerVerifier.Countersignature, _policy);
        using var digester = new ContentDigester([builder.Digest], Signature.Length);
        digester.Append(Signature.Span); // the octets alone (R3369-11.4-c)
        byte[] signerInfo = await builder.SignAsync(digester, cancellationToken).ConfigureAwait(false);
        AddUnsignedAttribute(new CmsAttribute(Oids.Countersignature, signerInfo));
    }

    /// <summary>Changes what is not signed of the countersignatures: countersigns them in turn, stamps them, drops them.</summary>
    /// <param name="edit">
    /// Called once for each, those that have just been added included, in their order; never for one that cannot be read, which stays.
    /// </param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when all are as they are to be.</returns>
    public async ValueTask EditCountersignaturesAsync(SignerEdit edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        SignerInfoParts parts = _parts ?? SignerInfoParts.Split(_encoded);
        var editing = new CountersignatureEdit(edit, _policy);
        var attributes = new List<ReadOnlyMemory<byte>>();
        bool changed = false;
        foreach (ReadOnlyMemory<byte> attribute in parts.UnsignedAttributes)
        {
            ReadOnlyMemory<byte> edited = IsOfType(attribute, Oids.Countersignature)
                ? await editing.ApplyAsync(attribute, cancellationToken).ConfigureAwait(false)
                : attribute;
            changed |= !edited.Equals(attribute);
            if (!edited.IsEmpty)
            {
                attributes.Add(edited);
            }
        }

        if (changed) // otherwise the signer stays as it was received, in BER too
        {
            _parts = parts with { UnsignedAttributes = EncodedSet.InOrderOf(parts.UnsignedAttributes, attributes) };
            UnsignedAttributes = new CmsAttributes([.. _parts.UnsignedAttributes.Select(Decode)]);
        }
    }

    /// <summary>Adds a time-stamp of the signature that the caller has obtained (RFC 3161 appendix A).</summary>
    /// <param name="token">The token. Verify it before: here it is only compared with the signature.</param>
    /// <exception cref="ArgumentException">The token stamps something else.</exception>
    public void AddTimeStamp(TimeStampToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!token.Info.Imprint.Matches(Signature.Span))
        {
            throw new ArgumentException("The token is not about this signature.", nameof(token));
        }

        AddUnsignedAttribute(token.ToAttribute());
    }

    internal ReadOnlyMemory<byte> Encode() => _parts is null ? _encoded : _parts.Join();

    private SignerInfoParts Parts => _parts ??= SignerInfoParts.Split(_encoded);

    private static bool IsOfType(ReadOnlyMemory<byte> attribute, string oid) => Decode(attribute).Oid == oid;

    private static CmsAttribute Decode(ReadOnlyMemory<byte> attribute) =>
        Der.Decode(attribute, "unsignedAttrs", CmsAttribute.Decode, AsnEncodingRules.BER);
}
