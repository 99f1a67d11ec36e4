using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using SmimeKit.TestKit;

namespace SmimeKit.Interop.Tests.Peers.Java;

/// <summary>A Java program that answers requests on its standard input, one at a time, for as long as the tests run.</summary>
public sealed class JavaPipe(string source, params IReadOnlyList<string> libraries) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _errors = new();
    private Process? _process;

    /// <summary>Gets why the program cannot run; null when it can.</summary>
    public string? Obstacle => !Peer.Javac.Available ? "No Java development kit is installed."
        : libraries.FirstOrDefault(l => !File.Exists(l)) is { } missing ? $"{missing} is not installed."
        : null;

    /// <summary>Asks the program. The answer is its parts, or the exception that it reports.</summary>
    public (byte[][] Parts, string? Objection) Ask(params IReadOnlyList<byte[]> request)
    {
        lock (_lock)
        {
            _process ??= Start();
            Stream input = _process.StandardInput.BaseStream;
            WriteNumber(input, request.Count);
            foreach (byte[] part in request)
            {
                WriteNumber(input, part.Length);
                input.Write(part);
            }

            input.Flush();
            return ReadAnswer(_process.StandardOutput.BaseStream);
        }
    }

    public void Dispose()
    {
        _process?.StandardInput.Close();
        if (_process?.WaitForExit(TimeSpan.FromSeconds(10)) == false)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process?.Dispose();
    }

    private Process Start()
    {
        string[] arguments = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", string.Join(Path.PathSeparator, libraries), source];
        var process = Process.Start(new ProcessStartInfo("java", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, e) => _errors.AppendLine(e.Data);
        process.BeginErrorReadLine();
        return process;
    }

    private (byte[][] Parts, string? Objection) ReadAnswer(Stream output)
    {
        int status = output.ReadByte();
        if (status < 0)
        {
            _process!.WaitForExit();
            throw new InvalidOperationException($"The Java program has ended: {_errors}");
        }

        byte[][] parts = new byte[ReadNumber(output)][];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = new byte[ReadNumber(output)];
            output.ReadExactly(parts[i]);
        }

        return status == 0 ? (parts, null) : ([], Encoding.UTF8.GetString(parts[0]));
    }

    private static void WriteNumber(Stream stream, int value)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, value);
        stream.Write(number);
    }

    private static int ReadNumber(Stream stream)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        stream.ReadExactly(number);
        return BinaryPrimitives.ReadInt32BigEndian(number);
    }
}
