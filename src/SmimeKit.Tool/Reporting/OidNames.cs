using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;

namespace SmimeKit.Tool.Reporting;

/// <summary>Names for object identifiers, for people and for the stable fields of JSON. What is not here shows as its digits.</summary>
internal static class OidNames
{
    internal static string Of(string oid) => Find(oid) ?? oid;

    /// <summary>Gets the name of a digest as JSON has it: <c>sha256</c>.</summary>
    internal static string Digest(AlgorithmIdentifier? algorithm) => algorithm is null ? "unknown"
        : DigestAlgorithm.Find(algorithm)?.Name.Replace("-", "", StringComparison.Ordinal) ?? Of(algorithm.Oid);

    /// <summary>Gets the name of a content-encryption algorithm as JSON has it: <c>aes256-cbc</c>.</summary>
    internal static string Cipher(string name) => Find(name)
        ?? name.ToLowerInvariant().Replace("aes-", "aes", StringComparison.Ordinal);

    /// <summary>Gets the kind of a recipient by its name in CMS.</summary>
    internal static string Recipient(RecipientKind kind) => kind switch
    {
        RecipientKind.KeyTransport => "ktri",
        RecipientKind.KeyAgreement => "kari",
        RecipientKind.KeyEncryptionKey => "kekri",
        RecipientKind.Password => "pwri",
        RecipientKind.Other => "ori",
        _ => "unknown",
    };

    private static string? Find(string oid) => oid switch
    {
        "1.2.840.113549.1.7.1" => "data",
        "1.2.840.113549.1.7.2" => "signed-data",
        "1.2.840.113549.1.7.3" => "enveloped-data",
        "1.2.840.113549.1.7.5" => "digested-data",
        "1.2.840.113549.1.7.6" => "encrypted-data",
        "1.2.840.113549.1.9.16.1.2" => "authenticated-data",
        "1.2.840.113549.1.9.16.1.4" => "timestamp-token-info",
        "1.2.840.113549.1.9.16.1.9" => "compressed-data",
        "1.2.840.113549.1.9.16.1.23" => "authEnveloped-data",
        "1.2.840.113549.1.9.3" => "content-type",
        "1.2.840.113549.1.9.4" => "message-digest",
        "1.2.840.113549.1.9.5" => "signing-time",
        "1.2.840.113549.1.9.6" => "countersignature",
        "1.2.840.113549.1.9.15" => "smime-capabilities",
        "1.2.840.113549.1.9.52" => "cms-algorithm-protection",
        "1.2.840.113549.1.9.16.2.1" => "receipt-request",
        "1.2.840.113549.1.9.16.2.2" => "security-label",
        "1.2.840.113549.1.9.16.2.11" => "encryption-key-preference",
        "1.2.840.113549.1.9.16.2.12" => "signing-certificate",
        "1.2.840.113549.1.9.16.2.14" => "timestamp-token",
        "1.2.840.113549.1.9.16.2.47" => "signing-certificate-v2",
        "1.3.6.1.4.1.311.16.4" => "microsoft-encryption-key-preference",
        "1.2.840.113549.2.5" => "md5",
        "1.3.14.3.2.26" => "sha1",
        "2.16.840.1.101.3.4.2.1" => "sha256",
        "2.16.840.1.101.3.4.2.2" => "sha384",
        "2.16.840.1.101.3.4.2.3" => "sha512",
        "2.16.840.1.101.3.4.2.4" => "sha224",
        "1.2.840.113549.1.1.1" => "rsa",
        "1.2.840.113549.1.1.4" => "rsa-md5",
        "1.2.840.113549.1.1.5" => "rsa-sha1",
        "1.2.840.113549.1.1.7" => "rsa-oaep",
        "1.2.840.113549.1.1.8" => "mgf1",
        "1.2.840.113549.1.1.10" => "rsa-pss",
        "1.2.840.113549.1.1.11" => "rsa-sha256",
        "1.2.840.113549.1.1.12" => "rsa-sha384",
        "1.2.840.113549.1.1.13" => "rsa-sha512",
        "1.2.840.10040.4.1" => "dsa",
        "1.2.840.10045.2.1" => "ec",
        "1.2.840.10045.4.1" => "ecdsa-sha1",
        "1.2.840.10045.4.3.2" => "ecdsa-sha256",
        "1.2.840.10045.4.3.3" => "ecdsa-sha384",
        "1.2.840.10045.4.3.4" => "ecdsa-sha512",
        "1.3.101.110" => "x25519",
        "1.3.101.111" => "x448",
        "1.3.101.112" => "ed25519",
        "1.3.101.113" => "ed448",
        "1.2.840.10045.3.1.7" => "P-256",
        "1.3.132.0.34" => "P-384",
        "1.3.132.0.35" => "P-521",
        "1.3.133.16.840.63.0.2" => "ecdh-sha1",
        "1.3.132.1.11.1" => "ecdh-sha256",
        "1.3.132.1.11.2" => "ecdh-sha384",
        "1.3.132.1.11.3" => "ecdh-sha512",
        "1.3.133.16.840.63.0.3" => "ecdh-cofactor-sha1",
        "1.3.132.1.14.1" => "ecdh-cofactor-sha256",
        "1.3.132.1.14.2" => "ecdh-cofactor-sha384",
        "1.3.132.1.14.3" => "ecdh-cofactor-sha512",
        "2.16.840.1.101.3.4.1.5" => "aes128-wrap",
        "2.16.840.1.101.3.4.1.25" => "aes192-wrap",
        "2.16.840.1.101.3.4.1.45" => "aes256-wrap",
        "2.16.840.1.101.3.4.1.2" => "aes128-cbc",
        "2.16.840.1.101.3.4.1.22" => "aes192-cbc",
        "2.16.840.1.101.3.4.1.42" => "aes256-cbc",
        "2.16.840.1.101.3.4.1.6" => "aes128-gcm",
        "2.16.840.1.101.3.4.1.26" => "aes192-gcm",
        "2.16.840.1.101.3.4.1.46" => "aes256-gcm",
        "1.2.840.113549.1.9.16.3.18" => "chacha20-poly1305",
        "1.2.840.113549.3.7" => "3des-cbc",
        "1.2.840.113549.3.2" => "rc2-cbc",
        "1.3.14.3.2.7" => "des-cbc",
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.15" => "keyUsage",
        "2.5.29.17" => "subjectAltName",
        "2.5.29.18" => "issuerAltName",
        "2.5.29.19" => "basicConstraints",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.31" => "cRLDistributionPoints",
        "2.5.29.32" => "certificatePolicies",
        "2.5.29.33" => "policyMappings",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.36" => "policyConstraints",
        "2.5.29.37" => "extKeyUsage",
        "2.5.29.54" => "inhibitAnyPolicy",
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        "2.5.4.3" => "commonName",
        "2.5.4.6" => "countryName",
        "2.5.4.7" => "localityName",
        "2.5.4.8" => "stateOrProvinceName",
        "2.5.4.10" => "organizationName",
        "2.5.4.11" => "organizationalUnitName",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => null,
    };
}
