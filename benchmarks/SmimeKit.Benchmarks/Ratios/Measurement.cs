using System.Diagnostics;

namespace SmimeKit.Benchmarks.Ratios;

/// <summary>The measurements of one contestant in one work: a value a round.</summary>
internal sealed class Measurement(string name, Action run, int repeats)
{
    private const int MaxPreparations = 10_000;

    private readonly List<double> _wall = [];
    private readonly List<double> _processor = [];
    private readonly List<double> _allocated = [];
    private int _preparations;

    internal string Name => name;

    internal IReadOnlyList<double> Wall => _wall;

    internal IReadOnlyList<double> Processor => _processor;

    /// <summary>Gets the bytes allocated by one run.</summary>
    internal double Allocated => Median(_allocated);

    /// <summary>Runs for a while without measuring: files are made, and the runtime compiles its best code.</summary>
    internal void Prepare(TimeSpan processorTime)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        do
        {
            run();
        }
        while (Environment.CpuUsage.TotalTime - start < processorTime && _preparations++ < MaxPreparations);
    }

    /// <summary>Runs one round.</summary>
    internal void Measure()
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            run();
        }

        _wall.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        _processor.Add((Environment.CpuUsage.TotalTime - processor).TotalSeconds / repeats);
        _allocated.Add((GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)repeats);
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
