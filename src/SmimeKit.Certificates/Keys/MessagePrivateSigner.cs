using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math.EC.Rfc8032;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Signs messages with EdDSA, ML-DSA and SLH-DSA keys from files, by Bouncy Castle. The key is wiped when disposed.</summary>
internal sealed class MessagePrivateSigner : PrivateSigner
{
    private readonly MessageSignature _scheme;
    private readonly byte[] _secret; // the raw key: seed of EdDSA, seed or expanded key of ML-DSA, key of SLH-DSA
    private readonly byte[] _publicKey;
    private bool _disposed;

    private MessagePrivateSigner(MessageSignature scheme, byte[] secret)
    {
        _scheme = scheme;
        _secret = secret;
        _publicKey = DerivePublicKey();
    }

    internal static MessagePrivateSigner FromMaterial(MessageSignature scheme, PrivateKeyMaterial material)
    {
        byte[]? secret = null;
        try
        {
            secret = MessageKeys.Decode(scheme, material.PrivateKeyOctets());
            var signer = new MessagePrivateSigner(scheme, secret);
            bool oneKey = material.PublicKey.IsEmpty || material.PublicKey.Span.SequenceEqual(signer._publicKey); // RFC 5958 §2
            return oneKey && signer.IsConsistent() ? signer : throw KeyFailure.Malformed();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or MalformedDataException)
        {
            CryptographicOperations.ZeroMemory(secret);
            throw KeyFailure.Malformed();
        }
    }

    internal override byte[] GetPublicKey() =>
        SubjectPublicKeyInfo.Create(_scheme.Identifier, _publicKey).RawData.ToArray();

    internal override byte[] Sign(SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SigningKey));
        return algorithm.Identifier.Oid != _scheme.Identifier.Oid ? throw Unsupported(algorithm) : _scheme switch
        {
            MLDsaSignature mlDsa => Sign(mlDsa, input),
            SlhDsaSignature slhDsa => Sign(slhDsa, input),
            _ => SignEdDsa(input),
        };
    }

    public override void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    private bool IsConsistent() =>
        _scheme is not MLDsaSignature mlDsa || _secret.Length == MessageKeys.SeedSize || MLDsaExpandedKey.IsConsistent(mlDsa, _secret, _publicKey);

    private byte[] DerivePublicKey()
    {
        byte[] key = new byte[_scheme.PublicKeySize];
        switch (_scheme)
        {
            case MLDsaSignature mlDsa:
                return MessageKeys.Open(mlDsa, _secret).GetPublicKeyEncoded();
            case SlhDsaSignature slhDsa:
                return SlhDsaPrivateKeyParameters.FromEncoding(slhDsa.Parameters, _secret).GetPublicKeyEncoded();
            case { Identifier.Oid: Oids.Ed25519 }:
                Ed25519.GeneratePublicKey(_secret, key);
                return key;
            default:
                Ed448.GeneratePublicKey(_secret, key);
                return key;
        }
    }

    private byte[] SignEdDsa(ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[_scheme.SignatureSize];
        if (_scheme.Identifier.Oid == Oids.Ed25519)
        {
            Ed25519.Sign(_secret, _publicKey.AsSpan(), message, signature); // a byte[] there would be a context
        }
        else
        {
            Ed448.Sign(_secret, _publicKey, [], message, signature);
        }

        return signature;
    }

    private byte[] Sign(MLDsaSignature scheme, ReadOnlySpan<byte> message)
    {
        var signer = new MLDsaSigner(scheme.Parameters, deterministic: false); // R9882-4-b
        signer.Init(forSigning: true, MessageKeys.Open(scheme, _secret));
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }

    private byte[] Sign(SlhDsaSignature scheme, ReadOnlySpan<byte> message)
    {
        var signer = new SlhDsaSigner(scheme.Parameters, deterministic: false);
        signer.Init(forSigning: true, SlhDsaPrivateKeyParameters.FromEncoding(scheme.Parameters, _secret));
        signer.BlockUpdate(message);
        return signer.GenerateSignature();
    }
}
