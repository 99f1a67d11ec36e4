namespace SmimeKit.Asn1;

/// <summary>Object identifiers by the names of their RFCs.</summary>
internal static class Oids
{
    // Content types, RFC 5652 and RFC 5083.
    internal const string Data = "1.2.840.113549.1.7.1";
    internal const string SignedData = "1.2.840.113549.1.7.2";
    internal const string EnvelopedData = "1.2.840.113549.1.7.3";
    internal const string SignedAndEnvelopedData = "1.2.840.113549.1.7.4";
    internal const string DigestedData = "1.2.840.113549.1.7.5";
    internal const string EncryptedData = "1.2.840.113549.1.7.6";
    internal const string AuthenticatedData = "1.2.840.113549.1.9.16.1.2";
    internal const string CompressedData = "1.2.840.113549.1.9.16.1.9";
    internal const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";

    // Attributes, RFC 5652 §11, RFC 8551 §2.5, RFC 5035, RFC 6211, [MS-OXOSMIME].
    internal const string ContentType = "1.2.840.113549.1.9.3";
    internal const string MessageDigest = "1.2.840.113549.1.9.4";
    internal const string SigningTime = "1.2.840.113549.1.9.5";
    internal const string Countersignature = "1.2.840.113549.1.9.6";
    internal const string SmimeCapabilities = "1.2.840.113549.1.9.15";
    internal const string EncryptionKeyPreference = "1.2.840.113549.1.9.16.2.11";
    internal const string MicrosoftEncryptionKeyPreference = "1.3.6.1.4.1.311.16.4";
    internal const string SigningCertificate = "1.2.840.113549.1.9.16.2.12";
    internal const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    internal const string CmsAlgorithmProtection = "1.2.840.113549.1.9.52";

    // Time-stamps and labels, RFC 3161 and RFC 2634.
    internal const string TimeStampInfo = "1.2.840.113549.1.9.16.1.4";
    internal const string TimeStampToken = "1.2.840.113549.1.9.16.2.14";
    internal const string SecurityLabel = "1.2.840.113549.1.9.16.2.2";
    internal const string MailListExpansionHistory = "1.2.840.113549.1.9.16.2.3";
    internal const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    // Revocation information, RFC 5940 and RFC 6960.
    internal const string OcspResponse = "1.3.6.1.5.5.7.16.2";
    internal const string Scvp = "1.3.6.1.5.5.7.16.4";

    // Digests, RFC 5754 and RFC 9688.
    internal const string Md5 = "1.2.840.113549.2.5";
    internal const string Sha1 = "1.3.14.3.2.26";
    internal const string Sha224 = "2.16.840.1.101.3.4.2.4";
    internal const string Sha256 = "2.16.840.1.101.3.4.2.1";
    internal const string Sha384 = "2.16.840.1.101.3.4.2.2";
    internal const string Sha512 = "2.16.840.1.101.3.4.2.3";
    internal const string Sha3_224 = "2.16.840.1.101.3.4.2.7";
    internal const string Sha3_256 = "2.16.840.1.101.3.4.2.8";
    internal const string Sha3_384 = "2.16.840.1.101.3.4.2.9";
    internal const string Sha3_512 = "2.16.840.1.101.3.4.2.10";
    internal const string Shake128 = "2.16.840.1.101.3.4.2.11";
    internal const string Shake256 = "2.16.840.1.101.3.4.2.12";
    internal const string Shake256Len = "2.16.840.1.101.3.4.2.18";

    // Signatures and their keys, RFC 8017, RFC 4055, RFC 5480, RFC 5758, RFC 8702, RFC 9688, RFC 5639.
    internal const string RsaEncryption = "1.2.840.113549.1.1.1";
    internal const string Md5WithRsa = "1.2.840.113549.1.1.4";
    internal const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    internal const string RsaesOaep = "1.2.840.113549.1.1.7";
    internal const string Mgf1 = "1.2.840.113549.1.1.8";
    internal const string PSpecified = "1.2.840.113549.1.1.9";
    internal const string RsassaPss = "1.2.840.113549.1.1.10";
    internal const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    internal const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    internal const string Sha512WithRsa = "1.2.840.113549.1.1.13";
    internal const string Sha224WithRsa = "1.2.840.113549.1.1.14";
    internal const string Sha3_224WithRsa = "2.16.840.1.101.3.4.3.13";
    internal const string Sha3_256WithRsa = "2.16.840.1.101.3.4.3.14";
    internal const string Sha3_384WithRsa = "2.16.840.1.101.3.4.3.15";
    internal const string Sha3_512WithRsa = "2.16.840.1.101.3.4.3.16";
    internal const string RsassaPssShake128 = "1.3.6.1.5.5.7.6.30";
    internal const string RsassaPssShake256 = "1.3.6.1.5.5.7.6.31";
    internal const string EcPublicKey = "1.2.840.10045.2.1";
    internal const string EcdsaWithSha1 = "1.2.840.10045.4.1";
    internal const string EcdsaWithSha224 = "1.2.840.10045.4.3.1";
    internal const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    internal const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    internal const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";
    internal const string EcdsaWithSha3_224 = "2.16.840.1.101.3.4.3.9";
    internal const string EcdsaWithSha3_256 = "2.16.840.1.101.3.4.3.10";
    internal const string EcdsaWithSha3_384 = "2.16.840.1.101.3.4.3.11";
    internal const string EcdsaWithSha3_512 = "2.16.840.1.101.3.4.3.12";
    internal const string EcdsaWithShake128 = "1.3.6.1.5.5.7.6.32";
    internal const string EcdsaWithShake256 = "1.3.6.1.5.5.7.6.33";
    internal const string Dsa = "1.2.840.10040.4.1";
    internal const string DsaWithSha1 = "1.2.840.10040.4.3";
    internal const string DsaWithSha224 = "2.16.840.1.101.3.4.3.1";
    internal const string DsaWithSha256 = "2.16.840.1.101.3.4.3.2";
    internal const string MLDsa44 = "2.16.840.1.101.3.4.3.17";
    internal const string MLDsa65 = "2.16.840.1.101.3.4.3.18";
    internal const string MLDsa87 = "2.16.840.1.101.3.4.3.19";
    internal const string HssLms = "1.2.840.113549.1.9.16.3.17"; // RFC 9708 §3
    internal const string X25519 = "1.3.101.110";
    internal const string X448 = "1.3.101.111";
    internal const string Ed25519 = "1.3.101.112";
    internal const string Ed448 = "1.3.101.113";
    internal const string NistP256 = "1.2.840.10045.3.1.7";
    internal const string NistP384 = "1.3.132.0.34";
    internal const string NistP521 = "1.3.132.0.35";
    internal const string BrainpoolP256r1 = "1.3.36.3.3.2.8.1.1.7";
    internal const string BrainpoolP384r1 = "1.3.36.3.3.2.8.1.1.11";
    internal const string BrainpoolP512r1 = "1.3.36.3.3.2.8.1.1.13";

    // Key agreement and key wrap, RFC 5753, RFC 8418, RFC 3279 §2.3.3, RFC 3565, RFC 5649, RFC 3657, RFC 3370.
    internal const string EcdhStandardSha1 = "1.3.133.16.840.63.0.2";
    internal const string EcdhStandardSha224 = "1.3.132.1.11.0";
    internal const string EcdhStandardSha256 = "1.3.132.1.11.1";
    internal const string EcdhStandardSha384 = "1.3.132.1.11.2";
    internal const string EcdhStandardSha512 = "1.3.132.1.11.3";
    internal const string EcdhCofactorSha1 = "1.3.133.16.840.63.0.3";
    internal const string EcdhCofactorSha224 = "1.3.132.1.14.0";
    internal const string EcdhCofactorSha256 = "1.3.132.1.14.1";
    internal const string EcdhCofactorSha384 = "1.3.132.1.14.2";
    internal const string EcdhCofactorSha512 = "1.3.132.1.14.3";
    internal const string EcdhHkdfSha256 = "1.2.840.113549.1.9.16.3.19";
    internal const string EcdhHkdfSha384 = "1.2.840.113549.1.9.16.3.20";
    internal const string EcdhHkdfSha512 = "1.2.840.113549.1.9.16.3.21";
    internal const string DhEphemeralStatic = "1.2.840.113549.1.9.16.3.5";
    internal const string DhStaticStatic = "1.2.840.113549.1.9.16.3.10";
    internal const string DhPublicNumber = "1.2.840.10046.2.1";
    internal const string Aes128Wrap = "2.16.840.1.101.3.4.1.5";
    internal const string Aes192Wrap = "2.16.840.1.101.3.4.1.25";
    internal const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";
    internal const string Aes128WrapPad = "2.16.840.1.101.3.4.1.8";
    internal const string Aes192WrapPad = "2.16.840.1.101.3.4.1.28";
    internal const string Aes256WrapPad = "2.16.840.1.101.3.4.1.48";
    internal const string Camellia128Wrap = "1.2.392.200011.61.1.1.3.2";
    internal const string Camellia192Wrap = "1.2.392.200011.61.1.1.3.3";
    internal const string Camellia256Wrap = "1.2.392.200011.61.1.1.3.4";
    internal const string TripleDesWrap = "1.2.840.113549.1.9.16.3.6";
    internal const string Rc2Wrap = "1.2.840.113549.1.9.16.3.7";
    internal const string PwriKek = "1.2.840.113549.1.9.16.3.9";

    // Key encapsulation and its key derivation, RFC 9629, RFC 9690, RFC 9936, RFC 8619 and RFC 9688.
    internal const string OriKem = "1.2.840.113549.1.9.16.13.3";
    internal const string KemRsa = "1.0.18033.2.2.4";
    internal const string RsaKemKey = "1.2.840.113549.1.9.16.3.14"; // id-rsa-kem-spki
    internal const string MLKem512 = "2.16.840.1.101.3.4.4.1";
    internal const string MLKem768 = "2.16.840.1.101.3.4.4.2";
    internal const string MLKem1024 = "2.16.840.1.101.3.4.4.3";
    internal const string Kmac128 = "2.16.840.1.101.3.4.2.21"; // RFC 9688 §5.2, as a KDF
    internal const string Kmac256 = "2.16.840.1.101.3.4.2.22";
    internal const string Kdf3 = "1.3.133.16.840.9.44.1.2";
    internal const string HkdfSha256 = "1.2.840.113549.1.9.16.3.28";
    internal const string HkdfSha384 = "1.2.840.113549.1.9.16.3.29";
    internal const string HkdfSha512 = "1.2.840.113549.1.9.16.3.30";
    internal const string HkdfSha3_224 = "1.2.840.113549.1.9.16.3.32";
    internal const string HkdfSha3_256 = "1.2.840.113549.1.9.16.3.33";
    internal const string HkdfSha3_384 = "1.2.840.113549.1.9.16.3.34";
    internal const string HkdfSha3_512 = "1.2.840.113549.1.9.16.3.35";

    // Content encryption, RFC 3565, RFC 5084, RFC 3370.
    internal const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    internal const string Aes192Cbc = "2.16.840.1.101.3.4.1.22";
    internal const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    internal const string Aes128Gcm = "2.16.840.1.101.3.4.1.6";
    internal const string Aes192Gcm = "2.16.840.1.101.3.4.1.26";
    internal const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    internal const string Aes128Ccm = "2.16.840.1.101.3.4.1.7";
    internal const string Aes192Ccm = "2.16.840.1.101.3.4.1.27";
    internal const string Aes256Ccm = "2.16.840.1.101.3.4.1.47";
    internal const string ChaCha20Poly1305 = "1.2.840.113549.1.9.16.3.18"; // RFC 8103
    internal const string Camellia128Cbc = "1.2.392.200011.61.1.1.1.2"; // RFC 3657
    internal const string Camellia192Cbc = "1.2.392.200011.61.1.1.1.3";
    internal const string Camellia256Cbc = "1.2.392.200011.61.1.1.1.4";
    internal const string Rc2Cbc = "1.2.840.113549.3.2";
    internal const string DesCbc = "1.3.14.3.2.7";
    internal const string CekHkdfSha256 = "1.2.840.113549.1.9.16.3.31"; // RFC 9709
    internal const string TripleDesCbc = "1.2.840.113549.3.7";

    // Message authentication (RFC 3370, RFC 4231, RFC 9688, RFC 9044) and compression (RFC 3274)
    internal const string HmacSha1 = "1.3.6.1.5.5.8.1.2";
    internal const string HmacWithSha224 = "1.2.840.113549.2.8";
    internal const string HmacWithSha3_224 = "2.16.840.1.101.3.4.2.13";
    internal const string HmacWithSha3_256 = "2.16.840.1.101.3.4.2.14";
    internal const string HmacWithSha3_384 = "2.16.840.1.101.3.4.2.15";
    internal const string HmacWithSha3_512 = "2.16.840.1.101.3.4.2.16";
    internal const string Aes128Gmac = "2.16.840.1.101.3.4.1.9";
    internal const string Aes192Gmac = "2.16.840.1.101.3.4.1.29";
    internal const string Aes256Gmac = "2.16.840.1.101.3.4.1.49";
    internal const string ZlibCompress = "1.2.840.113549.1.9.16.3.8";

    // Key files, RFC 7292, RFC 8018 and RFC 9879.
    internal const string Pbkdf2 = "1.2.840.113549.1.5.12";
    internal const string Pbes2 = "1.2.840.113549.1.5.13";
    internal const string Pbmac1 = "1.2.840.113549.1.5.14";
    internal const string HmacWithSha1 = "1.2.840.113549.2.7";
    internal const string HmacWithSha1OfRfc3370 = "1.3.6.1.5.5.8.1.2";
    internal const string HmacWithSha256 = "1.2.840.113549.2.9";
    internal const string HmacWithSha384 = "1.2.840.113549.2.10";
    internal const string HmacWithSha512 = "1.2.840.113549.2.11";
    internal const string Blake2b512 = "1.3.6.1.4.1.1722.12.2.1.16";
    internal const string PbeSha1Rc4With128 = "1.2.840.113549.1.12.1.1";
    internal const string PbeSha1Rc4With40 = "1.2.840.113549.1.12.1.2";
    internal const string PbeSha1TripleDes3Key = "1.2.840.113549.1.12.1.3";
    internal const string PbeSha1TripleDes2Key = "1.2.840.113549.1.12.1.4";
    internal const string PbeSha1Rc2With128 = "1.2.840.113549.1.12.1.5";
    internal const string PbeSha1Rc2With40 = "1.2.840.113549.1.12.1.6";
    internal const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    internal const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    internal const string CertBag = "1.2.840.113549.1.12.10.1.3";
    internal const string SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    internal const string X509CertificateBag = "1.2.840.113549.1.9.22.1";
    internal const string FriendlyName = "1.2.840.113549.1.9.20";
    internal const string LocalKeyId = "1.2.840.113549.1.9.21";

    // Certificate extensions and purposes, RFC 5280 and RFC 9598.
    internal const string SubjectKeyIdentifier = "2.5.29.14";
    internal const string KeyUsage = "2.5.29.15";
    internal const string SubjectAltName = "2.5.29.17";
    internal const string BasicConstraints = "2.5.29.19";
    internal const string NameConstraints = "2.5.29.30";
    internal const string CrlDistributionPoints = "2.5.29.31";
    internal const string CertificatePolicies = "2.5.29.32";
    internal const string PolicyMappings = "2.5.29.33";
    internal const string AuthorityKeyIdentifier = "2.5.29.35";
    internal const string PolicyConstraints = "2.5.29.36";
    internal const string ExtendedKeyUsage = "2.5.29.37";
    internal const string InhibitAnyPolicy = "2.5.29.54";
    internal const string AnyExtendedKeyUsage = "2.5.29.37.0";
    internal const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    internal const string EmailAddress = "1.2.840.113549.1.9.1";
    internal const string SmtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";
}
