using System.Text;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Tests;

public sealed class DetectionTests
{
    [Theory]
    [InlineData("From: a@example.org\r\nTo: b@example.org\r\n\r\nHello")]
    [InlineData("Content-Type: text/plain\n\nHello")]
    [InlineData("X-Custom: 1\r\n folded\r\nmime-version: 1.0\r\n\r\n")]
    [InlineData("Subject: this has no body")]
    [InlineData("Received: from somewhere\r\nX-Long: cut in the mid")]
    [InlineData("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n-----BEGIN CMS-----\r\n")]
    public void Detect_Mail(string beginning) => Assert.Equal(InputKind.Mail, InputDetector.Detect(Encoding.ASCII.GetBytes(beginning)));

    [Theory]
    [InlineData("MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglg")]
    [InlineData("MIAGCSqG\nSIb3DQEHAqCA\nMIACAQExDzANBglg")]
    [InlineData("-----BEGIN CMS-----\nMIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglg\n")]
    [InlineData("-----BEGIN PKCS7-----\r\nMIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglg\r\n")]
    [InlineData("Some words before the block\n\n-----BEGIN CMS-----\nMIAGCSqGSIb3\n")]
    public void Detect_CmsInText(string beginning) => Assert.Equal(InputKind.Cms, InputDetector.Detect(Encoding.ASCII.GetBytes(beginning)));

    [Theory]
    [InlineData("308006092A864886F70D010702A080")]
    [InlineData("3082100006092A864886F70D010703A082")]
    [InlineData("30820100060B2A864886F70D0109100117A0")]
    public void Detect_CmsInBer(string hex) => Assert.Equal(InputKind.Cms, InputDetector.Detect(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("Note: a text with a colon\n\nMore")]
    [InlineData(" From: a@example.org\r\n\r\n")]
    [InlineData("\r\nFrom: a@example.org\r\n\r\n")]
    [InlineData("From a mbox line\nFrom: a@example.org\n\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n")]
    [InlineData("0\u0082")]
    [InlineData("PK\u0003\u0004")]
    public void Detect_Other(string beginning) => Assert.Equal(InputKind.Other, InputDetector.Detect(Encoding.Latin1.GetBytes(beginning)));

    [Theory]
    [InlineData("CN=Alice", "CN=Alice")]
    [InlineData("CN=Jürgen Größe 日本", "CN=Jürgen Größe 日本")]
    [InlineData("a\u001b[2Jb", "a\\u{1B}[2Jb")]
    [InlineData("a\r\nb", "a\\u{D}\\u{A}b")]
    [InlineData("gpj.\u202Eexe", "gpj.\\u{202E}exe")]
    [InlineData("a\u2028b", "a\\u{2028}b")]
    [InlineData("a\u009Bb", "a\\u{9B}b")]
    public void Printable_LeavesWordsAndDisarmsControls(string text, string expected) => Assert.Equal(expected, Printable.Of(text));
}
