namespace SmimeKit;

/// <summary>An algorithm, parameter or structure is well-formed but not implemented.</summary>
public sealed class UnsupportedAlgorithmException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <param name="message">What about it is unsupported.</param>
    public UnsupportedAlgorithmException(string oid, string message)
        : base("unsupported-algorithm", message) => Oid = oid;

    /// <summary>Gets the object identifier of the algorithm in dotted form.</summary>
    public string Oid { get; }
}
