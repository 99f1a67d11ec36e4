namespace SmimeKit;

/// <summary>Revocation data or a certificate could not be fetched.</summary>
public sealed class FetchException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="code">The stable code of the fault.</param>
    /// <param name="message">What could not be fetched.</param>
    public FetchException(string code, string message)
        : base(code, message)
    {
    }
}
