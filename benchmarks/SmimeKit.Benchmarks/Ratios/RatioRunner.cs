using System.Globalization;

namespace SmimeKit.Benchmarks.Ratios;

/// <summary>
/// Measures every work beside its ceiling, in turn and in one process, so that what else the machine does falls on all alike; prints
/// medians as a table.
/// </summary>
internal static class RatioRunner
{
    private const long Size = 10 * 1024 * 1024;
    private const int Rounds = 15;
    private const double SlowSeconds = 1;
    private const string OpenSsl = "OpenSSL CLI"; // a process of its own: only its time is known here

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);

    /// <summary>Runs <c>ratios [filter] [--own] [--peak] [--rounds=n] [--size=bytes]</c>.</summary>
    internal static void Run(string[] arguments)
    {
        bool own = arguments.Contains("--own");
        int rounds = (int)(Option(arguments, "--rounds") ?? Rounds);
        long size = Option(arguments, "--size") ?? Size;
        string filter = arguments.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? "";
        using var folder = new WorkFolder();
        Console.WriteLine("| work | contestant | speed | of the ceiling | of its processor time | allocated | peak growth |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (Work work in WorkCatalog.Create(folder, size).Where(w => w.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            Report(work, Measure(work, own, rounds), size, arguments.Contains("--peak"));
        }
    }

    /// <summary>Does one work for ever, for a profiler to look at.</summary>
    internal static void Loop(string[] arguments)
    {
        using var folder = new WorkFolder();
        Work work = WorkCatalog.Create(folder, Size).Single(w => w.Name == arguments[0]);
        (_, Action run) = work.Contestants.Single(c => c.Name == arguments[1]);
        while (true)
        {
            run();
        }
    }

    private static List<Measurement> Measure(Work work, bool own, int rounds)
    {
        var measurements = new List<Measurement>();
        foreach ((string name, Action run) in own ? work.Contestants.Take(2) : work.Contestants)
        {
            var measurement = new Measurement(name, run, work.Repeats);
            measurement.Prepare(name == OpenSsl ? TimeSpan.Zero : measurements.Count > 1 ? _warmUp / 3 : work.Bytes > 0 ? _warmUp : 2 * _warmUp);
            measurements.Add(measurement);
        }

        for (int round = 0; round < rounds; round++)
        {
            foreach (Measurement measurement in measurements)
            {
                // A slow contestant is measured three times.
                if (round < 3 || measurement.Wall[0] * work.Repeats < SlowSeconds)
                {
                    measurement.Measure();
                }
            }
        }

        return measurements;
    }

    private static void Report(Work work, List<Measurement> measurements, long size, bool peak)
    {
        Measurement ceiling = measurements[0];
        foreach (Measurement m in measurements)
        {
            double seconds = Measurement.Median(m.Wall);
            string speed = work.Bytes > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{work.Bytes / seconds / 1e6:F0} MB/s")
                : string.Create(CultureInfo.InvariantCulture, $"{1 / seconds:F0}/s");
            string growth = peak && work.Bytes > 0 && m.Name != OpenSsl ? PeakProbe.MeasureGrowth(work.Name, m.Name, size) : "";
            bool isChild = m.Name == OpenSsl;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {work.Name} | {m.Name} | {speed} | {Ratio(ceiling.Wall, m.Wall):F2} | {(isChild ? "" : Ratio(ceiling.Processor, m.Processor).ToString("F2", CultureInfo.InvariantCulture))} | {(isChild ? "" : Bytes(m.Allocated))} | {growth} |"));
        }
    }

    // Of each round, because the rounds of one contestant differ more than the contestants of one round.
    private static double Ratio(IReadOnlyList<double> ceiling, IReadOnlyList<double> own) =>
        Measurement.Median(ceiling.Zip(own, (c, o) => c / o));

    private static string Bytes(double bytes) => bytes >= 1e6
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F1} kB");

    private static long? Option(string[] arguments, string name)
    {
        string? found = arguments.FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal));
        return found is null ? null : long.Parse(found.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }
}
