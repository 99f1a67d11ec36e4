namespace SmimeKit.Tool;

/// <summary>The exit codes: a promise to scripts.</summary>
internal static class ExitCode
{
    internal const int Ok = 0;
    internal const int NotTrusted = 1;
    internal const int Usage = 2;
    internal const int Malformed = 3;
    internal const int NoKey = 4;
    internal const int Limit = 5;
    internal const int Refused = 6;
    internal const int Io = 7;
    internal const int Bug = 70;
    internal const int Interrupted = 130; // as shells report SIGINT
}
