using SmimeKit.TestKit.Remote;

namespace SmimeKit.Cms.Tests;

/// <summary>Runs the tests, or holds the keys that a test has handed to a second process.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is [KeyProcess.Verb] ? KeyServer.RunAsync(Console.In, Console.Out)
        : arguments.Any(a => a is "-automated" or "@@") ? Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments)
        : Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
