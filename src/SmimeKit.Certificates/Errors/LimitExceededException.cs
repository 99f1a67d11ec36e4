namespace SmimeKit;

/// <summary>A named limit on hostile input was reached.</summary>
public sealed class LimitExceededException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="limit">The name of the limit: a property of a limits record.</param>
    /// <param name="value">The limit's value.</param>
    public LimitExceededException(string limit, long value)
        : base("limit-exceeded", $"The limit {limit} = {value} is exceeded.")
    {
        Limit = limit;
        Value = value;
    }

    /// <summary>Gets the name of the limit.</summary>
    public string Limit { get; }

    /// <summary>Gets the value that was exceeded.</summary>
    public long Value { get; }
}
