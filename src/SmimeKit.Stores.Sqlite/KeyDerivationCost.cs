namespace SmimeKit.Stores.Sqlite;

/// <summary>What one guess of a passphrase costs: the parameters of Argon2id (RFC 9106 §3.1).</summary>
/// <param name="MemoryKib">The memory in KiB: 8 for each lane at least, 262 144 (256 MiB) at most.</param>
/// <param name="Iterations">The passes over the memory: 1 to 16.</param>
/// <param name="Parallelism">The lanes: 1 to 16.</param>
public sealed record KeyDerivationCost(int MemoryKib, int Iterations, int Parallelism)
{
    internal const int MaxMemoryKib = 256 * 1024;
    internal const int MaxIterations = 16;
    internal const int MaxParallelism = 16;
    internal const int MinMemoryKibPerLane = 8; // RFC 9106 §3.1

    /// <summary>Gets the default: 46 MiB, one pass, one lane, the first choice of OWASP's Password Storage Cheat Sheet.</summary>
    public static KeyDerivationCost Default { get; } = new(46 * 1024, 1, 1);

    /// <summary>Whether the parameters make sense at all.</summary>
    internal bool IsSound => Iterations >= 1 && Parallelism >= 1 && MemoryKib >= (long)MinMemoryKibPerLane * Parallelism;

    /// <summary>Whether nobody should compute so much.</summary>
    internal bool IsExcessive => MemoryKib > MaxMemoryKib || Iterations > MaxIterations || Parallelism > MaxParallelism;

    /// <summary>Refuses parameters from a file that nobody should compute.</summary>
    internal void ThrowIfExcessive()
    {
        Spend(nameof(MaxMemoryKib), MemoryKib, MaxMemoryKib);
        Spend(nameof(MaxIterations), Iterations, MaxIterations);
        Spend(nameof(MaxParallelism), Parallelism, MaxParallelism);
    }

    private static void Spend(string limit, int value, int most)
    {
        if (value > most)
        {
            throw new LimitExceededException(limit, most);
        }
    }
}
