using BenchmarkDotNet.Attributes;

namespace SmimeKit.Benchmarks;

/// <summary>Validation of a path of three certificates against the two bare signature checks.</summary>
[MemoryDiagnoser]
public class PathBenchmarks
{
    private PathWork? _path;

    [GlobalSetup]
    public void Prepare() => _path = new PathWork();

    [Benchmark(Baseline = true)]
    public bool Ceiling() => _path!.Bare();

    [Benchmark]
    public bool SmimeKit() => _path!.SmimeKit();

    [Benchmark]
    public bool BouncyCastle() => _path!.BouncyCastle();

    [Benchmark]
    public bool X509Chain() => _path!.X509Chain();
}
