namespace SmimeKit;

/// <summary>A message cannot be changed as asked: it is another one than the edits are for. What was written until then is no whole message.</summary>
/// <remarks>
/// Codes: <c>content-present</c>, <c>content-absent</c>, <c>content-needed</c>, <c>digest-needed</c>, <c>attributes-needed</c>, <c>no-signer-left</c>
/// and <c>no-recipient-left</c>. The message decides, and so may its sender: catch it with the others.
/// </remarks>
public sealed class TransformException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">The message for people.</param>
    public TransformException(string code, string message)
        : base(code, message)
    {
    }
}
