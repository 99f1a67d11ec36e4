namespace SmimeKit;

/// <summary>A certificate, key or trust store could not do what was asked.</summary>
public sealed class StoreException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="code">The stable code of the fault.</param>
    /// <param name="message">What the store could not do.</param>
    public StoreException(string code, string message)
        : base(code, message)
    {
    }
}
