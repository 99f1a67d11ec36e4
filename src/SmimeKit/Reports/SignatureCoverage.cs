namespace SmimeKit;

/// <summary>How much of a mail's body is covered by trusted signatures.</summary>
public enum SignatureCoverage
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Some part, not the whole: footers of mailing lists, attachments that are signed mails.</summary>
    Part,

    /// <summary>The whole body that was opened.</summary>
    Whole,
}
