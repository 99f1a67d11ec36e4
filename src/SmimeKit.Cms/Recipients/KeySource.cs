using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Recipients;

/// <summary>One of the things at hand that may recover the key of a message. One object for each, for as long as a search lasts.</summary>
internal abstract class KeySource
{
    /// <summary>Gets the certificate of the source, for the report; null when it has none.</summary>
    internal virtual Certificate? Certificate => null;

    /// <summary>Tells whether a recipient is addressed to this source.</summary>
    /// <param name="kind">The kind of the RecipientInfo.</param>
    /// <param name="rid">The value that names the recipient, still encoded; none when the kind names nobody.</param>
    internal abstract bool Matches(RecipientKind kind, BerValue rid);

    /// <summary>Prepares the recovery, or says why policy or implementation refuse it. The source matches the recipient.</summary>
    internal abstract (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, RecoveryContext context);

    /// <summary>Tells whether another source holds the same secret.</summary>
    internal abstract bool HasSameKeyAs(KeySource other);
}
