using BenchmarkDotNet.Running;
using SmimeKit.Benchmarks;
using SmimeKit.Benchmarks.Ratios;

// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- --filter '*'     (BenchmarkDotNet; takes hours)
// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- ratios [filter]  (each work beside its ceiling; takes minutes)
switch (args)
{
    case ["ratios", .. string[] rest]:
        RatioRunner.Run(rest);
        break;
    case ["peak", .. string[] rest]:
        PeakProbe.Run(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(CertificateBenchmarks).Assembly).Run(args);
        break;
}
