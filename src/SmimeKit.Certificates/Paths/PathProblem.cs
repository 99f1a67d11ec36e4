namespace SmimeKit.Certificates;

/// <summary>One reason why a path is not trusted, or one warning about a path that is. Immutable.</summary>
public sealed class PathProblem
{
    internal PathProblem(string code, string message, Certificate? certificate)
    {
        Code = code;
        Message = message;
        Certificate = certificate;
    }

    /// <summary>Gets the stable code, one of <see cref="PathProblemCodes"/>.</summary>
    public string Code { get; }

    /// <summary>Gets the side of validation that the problem belongs to.</summary>
    public PathAspect Aspect => PathProblemCodes.AspectOf(Code);

    /// <summary>Gets the explanation for people. It names no certificate; <see cref="Certificate"/> does.</summary>
    public string Message { get; }

    /// <summary>Gets the certificate that has the problem, or null when it concerns the search as a whole.</summary>
    public Certificate? Certificate { get; }

    /// <summary>Gets code and message.</summary>
    /// <returns>The text, <c>code: message</c>.</returns>
    public override string ToString() => $"{Code}: {Message}";
}
