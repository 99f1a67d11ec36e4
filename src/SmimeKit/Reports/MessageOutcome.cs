namespace SmimeKit;

/// <summary>The verdict on the signatures of a mail. Encryption plays no part in it.</summary>
public enum MessageOutcome
{
    /// <summary>Nobody signed the mail as a whole.</summary>
    NoSignature,

    /// <summary>Every signature is trusted, and at least one covers the whole body.</summary>
    Valid,

    /// <summary>A signature is broken, or its signer is not trusted.</summary>
    NotValid,

    /// <summary>A signature could not be judged: no certificate, or an algorithm that is not implemented.</summary>
    Indeterminate,
}
