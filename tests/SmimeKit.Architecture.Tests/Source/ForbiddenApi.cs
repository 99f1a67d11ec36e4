using System.Collections.Immutable;

namespace SmimeKit.Architecture.Tests.Source;

/// <summary>A namespace, type or member that source does not use, and where it may all the same.</summary>
internal sealed record ForbiddenApi(string Because, ImmutableArray<string> Names, params ImmutableArray<string> ExceptIn)
{
    private const string Tool = "src/SmimeKit.Tool/";

    /// <summary>Gets the rules. A constructor has the name of its type twice.</summary>
    internal static ImmutableArray<ForbiddenApi> Rules { get; } =
    [
        new("content is streamed, never held",
            ["System.IO.MemoryStream", "MimeKit.IO.MemoryBlockStream", "System.IO.StreamReader.ReadToEnd", "System.IO.StreamReader.ReadToEndAsync"]),
        new("what is copied into an array of its own is a field, a key or a signature, never content",
            ["System.Span.ToArray", "System.ReadOnlySpan.ToArray", "System.Memory.ToArray", "System.ReadOnlyMemory.ToArray"],
            "src/SmimeKit.Certificates/", "src/SmimeKit.Stores.Sqlite/", Tool,
            "src/SmimeKit.Cms/Algorithms/Rc2KeyWrap.cs", "src/SmimeKit.Cms/Algorithms/AttributesLookalike.cs", "src/SmimeKit.Cms/Algorithms/RsaKeyEncryption.cs",
            "src/SmimeKit.Cms/Asn1/BerTokenizer.cs", "src/SmimeKit.Cms/Asn1/BerTokenizer.Copying.cs", "src/SmimeKit.Cms/Asn1/DerEncoding.Attributes.cs", "src/SmimeKit.Cms/Asn1/LeafBuffer.cs",
            "src/SmimeKit.Cms/Recipients/RecipientList.cs", "src/SmimeKit.Cms/Recipients/PrivateKeySource.cs", "src/SmimeKit.Cms/Signed/SignatureInputs.cs",
            "src/SmimeKit.Cms/Recipients/KeyEncryptionKey.cs", "src/SmimeKit.Cms/Recipients/RecipientPassword.cs",
            "src/SmimeKit.Cms/Signed/MessageImprint.cs", "src/SmimeKit.Cms/Signed/TimeStampRequest.cs", "src/SmimeKit.Cms/Types/CarriedCertificates.cs",
            "src/SmimeKit.Cms/Streaming/ArmorDecodingStream.cs", "src/SmimeKit/Mime/LookaheadStream.cs", "src/SmimeKit/Opening/LayerPeeler.Multipart.cs",
            "src/SmimeKit/SmimeProtector.cs"),
        new("time is an argument or a TimeProvider; only the start of the program reads the clock",
            ["System.DateTime.Now", "System.DateTime.UtcNow", "System.DateTime.Today", "System.DateTimeOffset.Now", "System.DateTimeOffset.UtcNow",
                "System.Diagnostics.Stopwatch", "System.Environment.TickCount", "System.Environment.TickCount64"],
            Tool + "Program.cs"),
        new("nothing starts programs", ["System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo"]),
        new("nothing phones home: a caller that wants the network passes its own client",
            ["System.Net.Http.HttpClient.HttpClient", "System.Net.Http.HttpClientHandler", "System.Net.Http.SocketsHttpHandler",
                "System.Net.WebRequest", "System.Net.WebClient", "System.Net.Sockets", "System.Net.Dns"],
            Tool),
        new("path validation is ours: the chain engine of the platform fetches and trusts on its own",
            ["System.Security.Cryptography.X509Certificates.X509Chain", "System.Security.Cryptography.X509Certificates.X509Certificate2.Verify"]),
        new("keys, nonces and names come from the generator of the operating system", ["System.Random"]),
        new("only the tool talks to a terminal", ["System.Console"], Tool),
        new("trimming and native compilation need code that can be seen",
            ["System.Activator", "System.AppDomain", "System.Reflection.Emit", "System.Reflection.Assembly.Load", "System.Reflection.Assembly.LoadFrom",
                "System.Reflection.Assembly.LoadFile", "System.Reflection.MethodBase.Invoke", "System.Runtime.Loader",
                "System.Type.GetType", "System.Type.InvokeMember", "System.Type.MakeGenericType", "System.Type.GetMethod", "System.Type.GetMethods",
                "System.Type.GetProperty", "System.Type.GetProperties", "System.Type.GetField", "System.Type.GetFields",
                "System.Type.GetConstructor", "System.Type.GetConstructors", "System.Linq.Expressions"]),
        new("memory safety", ["System.Runtime.CompilerServices.Unsafe", "System.Runtime.InteropServices.Marshal"]),
        new("a thread is not held for what can be awaited",
            ["System.Threading.Tasks.Task.Result", "System.Threading.Tasks.Task.Wait", "System.Threading.Tasks.Task.WaitAll",
                "System.Threading.Tasks.Task.WaitAny", "System.Threading.Tasks.Task.RunSynchronously", "System.Threading.Tasks.ValueTask.Result",
                "System.Runtime.CompilerServices.TaskAwaiter.GetResult", "System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult",
                "System.Runtime.CompilerServices.ConfiguredTaskAwaitable.ConfiguredTaskAwaiter.GetResult",
                "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter.GetResult", "System.Threading.Thread.Sleep"]),
        new("what is not written yet is not there", ["System.NotImplementedException.NotImplementedException"]),
        new("Bouncy Castle is a box of primitives; its formats are what this library is measured against",
            ["Org.BouncyCastle.Asn1", "Org.BouncyCastle.X509", "Org.BouncyCastle.Pkix", "Org.BouncyCastle.Cms", "Org.BouncyCastle.OpenSsl",
                "Org.BouncyCastle.Pkcs", "Org.BouncyCastle.Ocsp", "Org.BouncyCastle.Tsp", "Org.BouncyCastle.Cmp", "Org.BouncyCastle.Crmf",
                "Org.BouncyCastle.Mime", "Org.BouncyCastle.Tls", "Org.BouncyCastle.Bcpg"]),
        new("so is the CMS of the base library", ["System.Security.Cryptography.Pkcs"]),
    ];

    /// <summary>Gets single uses that are right where they are, each with its reason. An entry that nothing needs fails a test.</summary>
    internal static ImmutableArray<Allowance> Allowances { get; } =
    [
        new("src/SmimeKit.Cms/Streaming/Synchronously.cs", "System.Runtime.CompilerServices",
            "the synchronous face of readers and writers: their one state machine ran synchronously and is done"),
        new("src/SmimeKit.Cms/Streaming/ForwardReadStream.cs", "System.Threading.Tasks", "tasks that are known to have completed"),
        new("src/SmimeKit/Mime/MailFormat.cs", "System.IO.MemoryStream", "a header block, bounded by what the caller built"),
        new("src/SmimeKit/Protecting/ClearSignedProducer.cs", "System.IO.MemoryStream", "the detached signature, not the content"),
    ];

    /// <summary>Tells whether a use breaks this rule. Allowances are not looked at.</summary>
    internal bool IsBrokenBy(Use use) => Names.Any(use.FullName.IsWithin) && !ExceptIn.Any(use.File.StartsWith);
}

/// <summary>One name that one file may use.</summary>
internal sealed record Allowance(string File, string Name, string Reason)
{
    internal bool Covers(Use use) => use.File == File && use.FullName.IsWithin(Name);
}
