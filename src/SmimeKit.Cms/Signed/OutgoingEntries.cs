using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>What a message is told to carry, checked: mistakes are told before anything is written.</summary>
internal static class OutgoingEntries
{
    private const byte OtherFormat = 0xA3;

    /// <exception cref="ArgumentException">An entry is not what its list is for.</exception>
    internal static CarriedEntries Collect(SignedDataWriterOptions options)
    {
        ExpectAll(options.OtherCertificates, c => c.Span is [CarriedCertificates.V2AttributeCertificate or OtherFormat, ..], nameof(options.OtherCertificates));
        ExpectAll(options.Crls, c => RevocationInfo.IsCrl(c.Span), nameof(options.Crls)); // R3850-2.1-b
        ExpectAll(options.OtherRevocationInfo, RevocationInfo.IsOther, nameof(options.OtherRevocationInfo));
        return new CarriedEntries(
            CarriedEntries.Distinct(options.Certificates.Select(c => c.RawData).Concat(options.OtherCertificates)),
            CarriedEntries.Distinct(options.Crls.Concat(options.OtherRevocationInfo)));
    }

    private static void ExpectAll(IReadOnlyList<ReadOnlyMemory<byte>> entries, Func<ReadOnlyMemory<byte>, bool> isProper, string name)
    {
        if (!entries.All(isProper))
        {
            throw new ArgumentException($"An entry of {name} is not of the kind that the list is for.", name);
        }
    }
}
