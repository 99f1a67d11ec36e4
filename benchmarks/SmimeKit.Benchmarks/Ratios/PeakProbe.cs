using System.Diagnostics;
using System.Globalization;

namespace SmimeKit.Benchmarks.Ratios;

/// <summary>Measures the peak working set of one work in a process of its own.</summary>
internal static class PeakProbe
{
    private const long Small = 1024 * 1024;

    /// <summary>Gives the growth of the peak from 1 MiB of content to a larger size.</summary>
    internal static string MeasureGrowth(string work, string contestant, long size)
    {
        long growth = MeasureInChild(work, contestant, size) - MeasureInChild(work, contestant, Small);
        return string.Create(CultureInfo.InvariantCulture, $"{growth / 1e6:F0} MB");
    }

    /// <summary>Runs <c>peak work contestant size</c>: does the work twice and prints the peak of this process in bytes.</summary>
    internal static void Run(string[] arguments)
    {
        long size = long.Parse(arguments[2], CultureInfo.InvariantCulture);
        using var folder = new WorkFolder();
        Action run = WorkCatalog.Create(folder, size).Single(w => w.Name == arguments[0]).Contestants.Single(c => c.Name == arguments[1]).Run;
        run();
        run();
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(process.PeakWorkingSet64);
    }

    private static long MeasureInChild(string work, string contestant, long size)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["peak", work, contestant, size.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return long.Parse(output, CultureInfo.InvariantCulture);
    }
}
