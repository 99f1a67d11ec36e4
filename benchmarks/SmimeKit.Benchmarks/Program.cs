using BenchmarkDotNet.Running;
using SmimeKit.Benchmarks;
using SmimeKit.Benchmarks.Ratios;

// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- --filter '*'     (BenchmarkDotNet; takes hours)
// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- ratios [filter]  (each work beside its ceiling; takes minutes)
// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- loop "work" "contestant" (until it is ended; for a profiler)
switch (args)
{
    case ["ratios", .. string[] rest]:
        RatioRunner.Run(rest);
        break;
    case ["peak", .. string[] rest]:
        PeakProbe.Run(rest);
        break;
    case ["loop", .. string[] rest]:
        RatioRunner.Loop(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(CertificateBenchmarks).Assembly).Run(args);
        break;
}
