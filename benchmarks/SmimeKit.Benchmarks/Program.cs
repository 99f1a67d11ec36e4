using BenchmarkDotNet.Running;
using SmimeKit.Benchmarks;

// dotnet run -c Release --project benchmarks/SmimeKit.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(CertificateBenchmarks).Assembly).Run(args);
