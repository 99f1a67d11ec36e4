using SmimeKit.Certificates;

namespace SmimeKit.Samples;

public static class ReadmeSample
{
    // For which of these certificates may a message to this address be encrypted now?
    // Parsing proves nothing about trust: who issued them is another question.
    public static IEnumerable<Certificate> For(string address, DateTimeOffset now, IEnumerable<byte[]> certificates) =>
        from der in certificates
        let certificate = Certificate.Decode(der)
        where certificate.IsValidAt(now) && certificate.AllowsKeyUsage(KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement)
        where certificate.EmailAddresses.Any(owned => EmailAddressComparison.AreEqual(owned, address))
        select certificate;
}
