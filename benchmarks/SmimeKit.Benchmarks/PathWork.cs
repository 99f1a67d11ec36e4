using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Pkix;
using Org.BouncyCastle.Utilities.Collections;
using SmimeKit.Certificates;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Benchmarks;

/// <summary>A path of three certificates: leaf, intermediate, anchor.</summary>
internal sealed class PathWork
{
    private readonly Issuer _root;
    private readonly Issuer _intermediate;
    private readonly X509Certificate2 _leaf;
    private readonly BcCertificate _bcRoot;
    private readonly BcCertificate _bcIntermediate;
    private readonly BcCertificate _bcLeaf;
    private readonly (byte[] Tbs, byte[] Signature)[] _signed;
    private readonly Certificate _target;
    private readonly PathValidationOptions _options;

    internal PathWork()
    {
        _root = Issuer.CreateRoot(rsa: true);
        _intermediate = _root.CreateIntermediate();
        _leaf = _intermediate.Issue("alice@example.com", X509KeyUsageFlags.DigitalSignature, Person.Now.AddYears(-1), Person.Now.AddYears(1));
        _bcRoot = new BcCertificate(_root.Certificate.RawData);
        _bcIntermediate = new BcCertificate(_intermediate.Certificate.RawData);
        _bcLeaf = new BcCertificate(_leaf.RawData);
        _signed = [(_bcLeaf.GetTbsCertificate(), _bcLeaf.GetSignature()), (_bcIntermediate.GetTbsCertificate(), _bcIntermediate.GetSignature())];
        _target = Certificate.FromX509Certificate2(_leaf);
        _options = new PathValidationOptions
        {
            Anchors = TrustAnchors.FromCertificates([Certificate.FromX509Certificate2(_root.Certificate)]),
            At = Person.Now,
            Purpose = CertificatePurpose.EmailSigning,
            ExtraCertificates = [Certificate.FromX509Certificate2(_intermediate.Certificate)],
        };
    }

    /// <summary>The ceiling: the two signature checks, keys at hand.</summary>
    internal bool Bare() =>
        _intermediate.Verifies(_signed[0].Tbs, _signed[0].Signature) && _root.Verifies(_signed[1].Tbs, _signed[1].Signature);

    internal bool SmimeKit() =>
        CertificatePathValidator.ValidateAsync(_target, _options).AsTask().GetAwaiter().GetResult().Outcome == TrustStatus.Trusted;

    internal bool BouncyCastle()
    {
        var parameters = new PkixBuilderParameters(
            new HashSet<TrustAnchor> { new(_bcRoot, null) }, new Org.BouncyCastle.X509.Store.X509CertStoreSelector { Certificate = _bcLeaf })
        {
            IsRevocationEnabled = false,
            Date = Person.Now.UtcDateTime,
        };
        parameters.AddStoreCert(CollectionUtilities.CreateStore<BcCertificate>([_bcLeaf, _bcIntermediate]));
        return new PkixCertPathBuilder().Build(parameters) is not null;
    }

    internal bool X509Chain()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root.Certificate);
        chain.ChainPolicy.ExtraStore.Add(_intermediate.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Person.Now.UtcDateTime;
        return chain.Build(_leaf);
    }
}
