using System.Text;

namespace SmimeKit.Tool.Tests;

/// <summary>Text from a message never commands the terminal.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("inspect")]
    [InlineData("open")]
    [InlineData("recipients")]
    public async Task Output_ForPeople_HoldsNoControlCharacters(string command)
    {
        using var folder = new TestFolder();
        string name = "\e[31mred\u202E";
        string mail = folder.Write("mail.eml", Encoding.UTF8.GetBytes(
            $"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pkcs7-mime; name=\"{name}.p7m\"\r\n\r\n{name}\r\n--b--\r\n"));
        ToolRun run = command == "recipients"
            ? await ToolRun.Async("recipients", "list", mail)
            : await ToolRun.Async(command == "open" ? [command, mail, "--no-store", "--verbose"] : [command, mail]);
        Assert.DoesNotContain(run.Output + run.Error, c => (char.IsControl(c) && c != '\n') || c == '\u202E');
    }
}
