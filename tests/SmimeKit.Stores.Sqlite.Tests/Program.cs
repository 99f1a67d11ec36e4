namespace SmimeKit.Stores.Sqlite.Tests;

/// <summary>Runs the tests, or does what a test asks of a second process.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is [StoreProcess.Verb, string command, string path, string argument]
            ? StoreProcess.ActAsync(command, path, argument)
            : arguments.Any(a => a is "-automated" or "@@")
                ? Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments)
                : Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                    arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
