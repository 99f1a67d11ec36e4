using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SmimeKit.Tool.Options;

/// <summary>The options about whom to trust, with which keys, and how strictly.</summary>
internal sealed class EvidenceOptions
{
    private static readonly string[] _instantFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd",
    ];

    private readonly Option<DateTimeOffset?> _at = new("--at")
    {
        Description = "Judge certificates and policy at this instant (RFC 3339; a date alone is its first instant in UTC); default: now",
        HelpName = "instant",
        CustomParser = ParseInstant,
    };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "What is accepted and produced: strict, default, legacy, or a JSON file",
        HelpName = "policy",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<string[]> _trust = Several("--trust", "file|dir", "Trust anchors, PEM or DER; without it only those of the store count");
    private readonly Option<bool> _systemTrust = new("--system-trust") { Description = "Trust the roots of this machine as well" };
    private readonly Option<string[]> _certs = Several("--certs", "file|dir", "Further certificates, not trusted: intermediates, signers, recipients");
    private readonly Option<string[]> _keys = Several("--key", "file", "Private keys: PKCS #12, or PEM with the certificate");
    private readonly Option<string[]> _passwords = Several("--password", "password", "A password to try for each key file and the store");
    private readonly Option<string[]> _passwordFiles = Several("--password-file", "file", "A file whose first line is such a password");
    private readonly Option<string[]> _secretKeys = Several(
        "--secret-key", "hex[:identifier]", "A symmetric key that a message was encrypted for, and the identifier by which it names it");

    private readonly Option<string[]> _recipientPasswords = Several("--recipient-password", "password", "A password that a message was encrypted for");
    private readonly Option<string?> _store = new("--store") { Description = "The store; default: that of the user, if there is one", HelpName = "file" };
    private readonly Option<bool> _noStore = new("--no-store") { Description = "Use no store" };
    private readonly Option<string[]> _limits = Several("--limit", "name=value", "Override a named limit");

    private readonly Option<string> _revocation = new("--revocation")
    {
        Description = "off, best-effort, or require. Revocation is not checked by this version: 'require' therefore trusts nobody",
        DefaultValueFactory = _ => "best-effort",
    };

    private readonly UnsupportedOptions _unsupported = new UnsupportedOptions()
        .WithValue("--crls", "revocation by CRL")
        .WithValue("--ocsp", "revocation by OCSP")
        .Flag("--online", "fetching from the network");

    /// <summary>Adds the options to a command: every command takes all of them, and its help lists those that bear on it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="listed">The names that the help lists; none for all.</param>
    internal void AddTo(Command command, params string[] listed)
    {
        _revocation.AcceptOnlyFromAmong("off", "best-effort", "require");
        Option[] options =
            [_at, _policy, _trust, _systemTrust, _certs, _revocation, _keys, _passwords, _passwordFiles, _secretKeys, _recipientPasswords, _store, _noStore, _limits];
        foreach (Option option in options)
        {
            option.Hidden = listed.Length > 0 && !listed.Contains(option.Name);
            command.Add(option);
        }

        _unsupported.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_noStore) && result.GetResult(_store) is { Implicit: false })
            {
                result.AddError("--store and --no-store contradict each other.");
            }
        });
    }

    internal EvidenceChoice Read(ParseResult parsed)
    {
        _unsupported.ThrowIfUsed(parsed);
        return new EvidenceChoice
        {
            At = parsed.GetValue(_at),
            Policy = parsed.GetValue(_policy)!,
            Trust = parsed.GetValue(_trust) ?? [],
            SystemTrust = parsed.GetValue(_systemTrust),
            Certificates = parsed.GetValue(_certs) ?? [],
            Keys = parsed.GetValue(_keys) ?? [],
            Passwords = parsed.GetValue(_passwords) ?? [],
            PasswordFiles = parsed.GetValue(_passwordFiles) ?? [],
            SecretKeys = parsed.GetValue(_secretKeys) ?? [],
            RecipientPasswords = parsed.GetValue(_recipientPasswords) ?? [],
            Store = parsed.GetValue(_store),
            NoStore = parsed.GetValue(_noStore),
            Limits = parsed.GetValue(_limits) ?? [],
            RequiresRevocation = parsed.GetValue(_revocation) == "require",
        };
    }

    internal static Option<string[]> Several(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static DateTimeOffset? ParseInstant(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (DateTimeOffset.TryParseExact(
            text.ToUpperInvariant(), _instantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant))
        {
            return instant;
        }

        result.AddError($"'{text}' is no instant of RFC 3339, such as 2026-06-01T12:00:00Z.");
        return null;
    }
}
