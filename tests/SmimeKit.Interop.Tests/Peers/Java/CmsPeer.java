import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.*;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.*;
import org.bouncycastle.operator.jcajce.*;
import org.bouncycastle.util.CollectionStore;
import org.bouncycastle.util.Selector;

/**
 * Bouncy Castle for Java behind a pipe. A request is a list of byte strings, the first of them the name of an operation; an answer is
 * one byte, 0 for success, and another list. A number is four bytes, big-endian.
 */
public final class CmsPeer {
    private static final String BC = "BC";

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        while (true) {
            int count;
            try {
                count = in.readInt();
            } catch (EOFException e) {
                return;
            }

            byte[][] parts = new byte[count][];
            for (int i = 0; i < count; i++) {
                parts[i] = new byte[in.readInt()];
                in.readFully(parts[i]);
            }

            List<byte[]> answer;
            int status = 0;
            try {
                answer = run(new Request(parts));
            } catch (Exception | Error e) {
                status = 1;
                answer = List.of(String.valueOf(e).getBytes(StandardCharsets.UTF_8));
            }

            out.writeByte(status);
            out.writeInt(answer.size());
            for (byte[] part : answer) {
                out.writeInt(part.length);
                out.write(part);
            }

            out.flush();
        }
    }

    private static List<byte[]> run(Request request) throws Exception {
        String operation = request.text();
        switch (operation) {
            case "sign": return sign(request);
            case "verify": return verify(request);
            case "certificates": return certificates(request);
            case "certsOnly": return certsOnly(request);
            case "countersign": return countersign(request);
            case "attributes": return attributes(request);
            case "encrypt": return encrypt(request);
            case "decrypt": return decrypt(request);
            case "compress": return compress(request);
            case "decompress": return decompress(request);
            case "authenticate": return authenticate(request);
            case "authenticated": return authenticated(request);
            case "digested": return digested(request);
            case "encryptData": return encryptData(request);
            case "decryptData": return decryptData(request);
            default: throw new IllegalArgumentException(operation);
        }
    }

    // content, encapsulate, definite, attributes, keyIdentifier, then for each signer: algorithm, PKCS #8, certificate
    private static List<byte[]> sign(Request r) throws Exception {
        byte[] content = r.bytes();
        boolean encapsulate = r.flag();
        boolean definite = r.flag();
        boolean attributes = r.flag();
        boolean keyIdentifier = r.flag();
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        while (r.hasMore()) {
            ContentSigner signer = new JcaContentSignerBuilder(r.text()).setProvider(BC).build(r.privateKey());
            X509CertificateHolder certificate = r.certificate();
            JcaSignerInfoGeneratorBuilder builder =
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider(BC).build()).setDirectSignature(!attributes);
            generator.addSignerInfoGenerator(keyIdentifier
                ? builder.build(signer, subjectKeyIdentifier(certificate))
                : builder.build(signer, new JcaX509CertificateConverter().setProvider(BC).getCertificate(certificate)));
            generator.addCertificate(certificate);
        }

        CMSSignedData message = generator.generate(new CMSProcessableByteArray(content), encapsulate);
        return List.of(definite ? message.toASN1Structure().getEncoded(ASN1Encoding.DL) : message.getEncoded());
    }

    // message, detached, content → number of signers, content
    private static List<byte[]> verify(Request r) throws Exception {
        byte[] encoded = r.bytes();
        boolean detached = r.flag();
        byte[] content = r.bytes();
        CMSSignedData message = detached ? new CMSSignedData(new CMSProcessableByteArray(content), encoded) : new CMSSignedData(encoded);
        int count = 0;
        for (SignerInformation signer : message.getSignerInfos().getSigners()) {
            verify(message, signer);
            for (SignerInformation counter : signer.getCounterSignatures().getSigners()) {
                verify(message, counter);
            }

            count++;
        }

        if (!detached) {
            content = contentOf(message.getSignedContent());
        }

        return List.of(number(count), content);
    }

    private static void verify(CMSSignedData message, SignerInformation signer) throws Exception {
        @SuppressWarnings("unchecked")
        Collection<X509CertificateHolder> found = message.getCertificates().getMatches((Selector<X509CertificateHolder>) signer.getSID());
        for (X509CertificateHolder certificate : found) {
            if (signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(certificate))) {
                return;
            }
        }

        throw new CMSException("a signer does not verify");
    }

    // message → the certificates that it carries
    private static List<byte[]> certificates(Request r) throws Exception {
        List<byte[]> found = new ArrayList<>();
        for (X509CertificateHolder certificate : new CMSSignedData(r.bytes()).getCertificates().getMatches(null)) {
            found.add(certificate.getEncoded());
        }

        return found;
    }

    private static List<byte[]> certsOnly(Request r) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addCertificate(r.certificate());
        return List.of(generator.generate(new CMSAbsentContent(), false).getEncoded());
    }

    // message, algorithm, PKCS #8, certificate → the message with a countersignature at its first signer
    private static List<byte[]> countersign(Request r) throws Exception {
        CMSSignedData message = new CMSSignedData(r.bytes());
        ContentSigner signer = new JcaContentSignerBuilder(r.text()).setProvider(BC).build(r.privateKey());
        X509CertificateHolder certificate = r.certificate();
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
            new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
                .build(signer, new JcaX509CertificateConverter().setProvider(BC).getCertificate(certificate)));
        List<SignerInformation> signers = new ArrayList<>(message.getSignerInfos().getSigners());
        signers.set(0, SignerInformation.addCounterSigners(signers.get(0), generator.generateCounterSigners(signers.get(0))));
        message = CMSSignedData.replaceSigners(message, new SignerInformationStore(signers));
        List<X509CertificateHolder> certificates = new ArrayList<>(message.getCertificates().getMatches(null));
        certificates.add(certificate);
        return List.of(CMSSignedData.replaceCertificatesAndCRLs(
            message, new CollectionStore<>(certificates), message.getAttributeCertificates(), message.getCRLs()).getEncoded());
    }

    // message → for each attribute of the first signer: "signed" or "unsigned", its encoding
    private static List<byte[]> attributes(Request r) throws Exception {
        CMSSignedData message = new CMSSignedData(r.bytes());
        SignerInformation signer = message.getSignerInfos().getSigners().iterator().next();
        List<byte[]> found = new ArrayList<>();
        addAttributes(found, "signed", signer.getSignedAttributes());
        addAttributes(found, "unsigned", signer.getUnsignedAttributes());
        return found;
    }

    private static void addAttributes(List<byte[]> found, String kind, AttributeTable table) throws IOException {
        ASN1EncodableVector all = table == null ? new ASN1EncodableVector() : table.toASN1EncodableVector();
        for (int i = 0; i < all.size(); i++) {
            found.add(kind.getBytes(StandardCharsets.UTF_8));
            found.add(all.get(i).toASN1Primitive().getEncoded(ASN1Encoding.DER));
        }
    }

    // content, definite, cipher, recipients
    private static List<byte[]> encrypt(Request r) throws Exception {
        CMSTypedData content = new CMSProcessableByteArray(r.bytes());
        boolean definite = r.flag();
        ASN1ObjectIdentifier cipher = r.oid();
        OutputEncryptor encryptor = new JceCMSContentEncryptorBuilder(cipher).setProvider(BC).build();
        ASN1Object message;
        if (encryptor instanceof OutputAEADEncryptor) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            for (RecipientInfoGenerator recipient : r.recipients()) {
                generator.addRecipientInfoGenerator(recipient);
            }

            message = generator.generate(content, (OutputAEADEncryptor) encryptor).toASN1Structure();
        } else {
            CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
            for (RecipientInfoGenerator recipient : r.recipients()) {
                generator.addRecipientInfoGenerator(recipient);
            }

            message = generator.generate(content, encryptor).toASN1Structure();
        }

        return List.of(definite ? message.getEncoded(ASN1Encoding.DL) : message.getEncoded(ASN1Encoding.BER));
    }

    // message, kind, key
    private static List<byte[]> decrypt(Request r) throws Exception {
        byte[] encoded = r.bytes();
        String kind = r.text();
        ContentInfo info = ContentInfo.getInstance(encoded);
        boolean authenticates = info.getContentType().equals(CMSObjectIdentifiers.authEnvelopedData);
        RecipientInformationStore recipients = authenticates
            ? new CMSAuthEnvelopedData(encoded).getRecipientInfos()
            : new CMSEnvelopedData(encoded).getRecipientInfos();
        Recipient recipient;
        switch (kind) {
            case "ktri":
                recipient = authenticates
                    ? new JceKeyTransAuthEnvelopedRecipient(r.privateKey()).setProvider(BC)
                    : new JceKeyTransEnvelopedRecipient(r.privateKey()).setProvider(BC);
                break;
            case "kari": recipient = new JceKeyAgreeEnvelopedRecipient(r.privateKey()).setProvider(BC); break;
            case "kekri": recipient = new JceKEKEnvelopedRecipient(r.secretKey()).setProvider(BC); break;
            case "pwri": recipient = new JcePasswordEnvelopedRecipient(r.text().toCharArray()).setProvider(BC); break;
            default: throw new IllegalArgumentException(kind);
        }

        return List.of(firstContent(recipients, recipient, kind));
    }

    private static byte[] firstContent(RecipientInformationStore recipients, Recipient recipient, String kind) throws Exception {
        Exception last = new CMSException("no recipient of kind " + kind);
        for (RecipientInformation information : recipients.getRecipients()) {
            if (kindOf(information).equals(kind)) {
                try {
                    return information.getContent(recipient);
                } catch (Exception e) {
                    last = e;
                }
            }
        }

        throw last;
    }

    private static String kindOf(RecipientInformation information) {
        return information instanceof KeyTransRecipientInformation ? "ktri"
            : information instanceof KeyAgreeRecipientInformation ? "kari"
            : information instanceof KEKRecipientInformation ? "kekri"
            : "pwri";
    }

    private static List<byte[]> compress(Request r) throws Exception {
        return List.of(new CMSCompressedDataGenerator()
            .generate(new CMSProcessableByteArray(r.bytes()), new ZlibCompressor()).getEncoded());
    }

    private static List<byte[]> decompress(Request r) throws Exception {
        return List.of(new CMSCompressedData(r.bytes()).getContent(new ZlibExpanderProvider()));
    }

    // content, MAC algorithm, attributes, recipients
    private static List<byte[]> authenticate(Request r) throws Exception {
        CMSTypedData content = new CMSProcessableByteArray(r.bytes());
        MacCalculator mac = new JceCMSMacCalculatorBuilder(r.oid()).setProvider(BC).build();
        boolean attributes = r.flag();
        CMSAuthenticatedDataGenerator generator = new CMSAuthenticatedDataGenerator();
        for (RecipientInfoGenerator recipient : r.recipients()) {
            generator.addRecipientInfoGenerator(recipient);
        }

        CMSAuthenticatedData message = attributes
            ? generator.generate(content, mac, new JcaDigestCalculatorProviderBuilder().setProvider(BC).build()
                .get(new AlgorithmIdentifier(new ASN1ObjectIdentifier("2.16.840.1.101.3.4.2.1"))))
            : generator.generate(content, mac);
        return List.of(message.getEncoded());
    }

    // message, kind, key → content; the MAC has to be right
    private static List<byte[]> authenticated(Request r) throws Exception {
        byte[] encoded = r.bytes();
        String kind = r.text();
        CMSAuthenticatedData message = new CMSAuthenticatedData(
            encoded, new JcaDigestCalculatorProviderBuilder().setProvider(BC).build());
        Recipient recipient;
        switch (kind) {
            case "ktri": recipient = new JceKeyTransAuthenticatedRecipient(r.privateKey()).setProvider(BC); break;
            case "kari": recipient = new JceKeyAgreeAuthenticatedRecipient(r.privateKey()).setProvider(BC); break;
            case "kekri": recipient = new JceKEKAuthenticatedRecipient(r.secretKey()).setProvider(BC); break;
            case "pwri": recipient = new JcePasswordAuthenticatedRecipient(r.text().toCharArray()).setProvider(BC); break;
            default: throw new IllegalArgumentException(kind);
        }

        for (RecipientInformation information : message.getRecipientInfos().getRecipients()) {
            if (kindOf(information).equals(kind)) {
                byte[] content = information.getContent(recipient);
                if (!Arrays.equals(message.getMac(), information.getMac())) {
                    throw new CMSException("the MAC differs");
                }

                if (message.getAuthAttrs() != null && !Arrays.equals(message.getContentDigest(), information.getContentDigest())) {
                    throw new CMSException("the digest differs");
                }

                return List.of(content);
            }
        }

        throw new CMSException("no recipient of kind " + kind);
    }

    private static List<byte[]> digested(Request r) throws Exception {
        CMSDigestedData message = new CMSDigestedData(r.bytes());
        if (!message.verify(new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())) {
            throw new CMSException("the digest differs");
        }

        return List.of(contentOf(message.getDigestedContent()));
    }

    // content, cipher → message, key
    private static List<byte[]> encryptData(Request r) throws Exception {
        CMSTypedData content = new CMSProcessableByteArray(r.bytes());
        OutputEncryptor encryptor = new JceCMSContentEncryptorBuilder(r.oid()).setProvider(BC).build();
        byte[] message = new CMSEncryptedDataGenerator().generate(content, encryptor).toASN1Structure().getEncoded(ASN1Encoding.BER);
        Object key = encryptor.getKey().getRepresentation();
        return List.of(message, key instanceof Key ? ((Key) key).getEncoded() : (byte[]) key);
    }

    private static List<byte[]> decryptData(Request r) throws Exception {
        CMSEncryptedData message = new CMSEncryptedData(ContentInfo.getInstance(r.bytes()));
        return List.of(message.getContent(
            new org.bouncycastle.operator.jcajce.JceInputDecryptorProviderBuilder().setProvider(BC).build(r.bytes())));
    }

    private static byte[] contentOf(CMSProcessable content) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(bytes);
        return bytes.toByteArray();
    }

    private static byte[] subjectKeyIdentifier(X509CertificateHolder certificate) {
        return org.bouncycastle.asn1.x509.SubjectKeyIdentifier.fromExtensions(certificate.getExtensions()).getKeyIdentifier();
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** The parts of a request, taken in order. */
    private static final class Request {
        private final byte[][] parts;
        private int next;

        Request(byte[][] parts) {
            this.parts = parts;
        }

        boolean hasMore() {
            return next < parts.length;
        }

        byte[] bytes() {
            return parts[next++];
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        boolean flag() {
            return bytes()[0] != 0;
        }

        ASN1ObjectIdentifier oid() {
            return new ASN1ObjectIdentifier(text());
        }

        PrivateKey privateKey() throws IOException {
            return new JcaPEMKeyConverter().setProvider(BC).getPrivateKey(PrivateKeyInfo.getInstance(bytes()));
        }

        SecretKey secretKey() {
            String algorithm = text();
            return new SecretKeySpec(bytes(), algorithm);
        }

        X509CertificateHolder certificate() throws IOException {
            return new X509CertificateHolder(bytes());
        }

        List<RecipientInfoGenerator> recipients() throws Exception {
            List<RecipientInfoGenerator> all = new ArrayList<>();
            while (hasMore()) {
                all.add(recipient(text()));
            }

            return all;
        }

        private RecipientInfoGenerator recipient(String kind) throws Exception {
            switch (kind) {
                case "ktri": return keyTransport();
                case "kari": return keyAgreement();
                case "kekri": {
                    byte[] identifier = bytes();
                    return new JceKEKRecipientInfoGenerator(identifier, secretKey()).setProvider(BC);
                }
                case "pwri": {
                    ASN1ObjectIdentifier cipher = oid();
                    return new JcePasswordRecipientInfoGenerator(cipher, text().toCharArray()).setProvider(BC)
                        .setPRF(PasswordRecipient.PRF.HMacSHA256).setSaltAndIterationCount(bytes(), 10_000);
                }
                default: throw new IllegalArgumentException(kind);
            }
        }

        // certificate, encoded AlgorithmIdentifier of the key transport, whether by key identifier
        private RecipientInfoGenerator keyTransport() throws Exception {
            X509CertificateHolder holder = certificate();
            X509Certificate certificate = new JcaX509CertificateConverter().setProvider(BC).getCertificate(holder);
            AlgorithmIdentifier algorithm = AlgorithmIdentifier.getInstance(bytes());
            return flag()
                ? new JceKeyTransRecipientInfoGenerator(subjectKeyIdentifier(holder), algorithm, certificate.getPublicKey()).setProvider(BC)
                : new JceKeyTransRecipientInfoGenerator(certificate, algorithm).setProvider(BC);
        }

        // certificate, scheme, key wrap, whether by key identifier, PKCS #8 and public key of a static originator or two empty strings
        private RecipientInfoGenerator keyAgreement() throws Exception {
            X509CertificateHolder holder = certificate();
            X509Certificate certificate = new JcaX509CertificateConverter().setProvider(BC).getCertificate(holder);
            ASN1ObjectIdentifier scheme = oid();
            ASN1ObjectIdentifier wrap = oid();
            boolean keyIdentifier = flag();
            byte[] privateKey = bytes();
            byte[] publicKey = bytes();
            KeyPair pair;
            if (privateKey.length == 0) {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(certificate.getPublicKey().getAlgorithm(), BC);
                if (certificate.getPublicKey() instanceof java.security.interfaces.ECPublicKey) {
                    generator.initialize(((java.security.interfaces.ECPublicKey) certificate.getPublicKey()).getParams());
                }

                pair = generator.generateKeyPair();
            } else {
                JcaPEMKeyConverter converter = new JcaPEMKeyConverter().setProvider(BC);
                pair = new KeyPair(
                    converter.getPublicKey(SubjectPublicKeyInfo.getInstance(publicKey)), converter.getPrivateKey(PrivateKeyInfo.getInstance(privateKey)));
            }

            JceKeyAgreeRecipientInfoGenerator result =
                new JceKeyAgreeRecipientInfoGenerator(scheme, pair.getPrivate(), pair.getPublic(), wrap).setProvider(BC);
            return keyIdentifier
                ? result.addRecipient(subjectKeyIdentifier(holder), certificate.getPublicKey())
                : result.addRecipient(certificate);
        }
    }
}
