using SmimeKit.Interop.Tests.Peers;

[assembly: AssemblyFixture(typeof(ForeignPeers))]

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>All foreign implementations; their databases and homes serve a whole run.</summary>
public sealed class ForeignPeers : IDisposable
{
    private readonly Nss _nss = new();
    private readonly GpgSm _gpgSm = new();
    private readonly MimeKitPeer _mimeKit = new();
    private readonly BouncyCastleJava _bouncyCastleJava = new();
    private readonly Dictionary<string, IForeign> _all;

    public ForeignPeers()
    {
        IForeign[] all = [new OpenSsl(), new DotNet(), new BouncyCastle(), _bouncyCastleJava, _mimeKit, _nss, _gpgSm];
        _all = all.ToDictionary(p => p.Name);
    }

    /// <summary>Gets the names, in the order of the published table.</summary>
    public static IReadOnlyList<string> Names { get; } = ["openssl", "dotnet", "bouncycastle", "bc-java", "mimekit", "nss", "gpgsm"];

    public Nss Nss => _nss;

    public GpgSm GpgSm => _gpgSm;

    public BouncyCastleJava BouncyCastleJava => _bouncyCastleJava;

    /// <summary>Gets a peer; skips the running test when it is not installed.</summary>
    public IForeign this[string name]
    {
        get
        {
            _all[name].Require();
            return _all[name];
        }
    }

    public void Dispose()
    {
        _nss.Dispose();
        _gpgSm.Dispose();
        _mimeKit.Dispose();
        _bouncyCastleJava.Dispose();
    }
}
