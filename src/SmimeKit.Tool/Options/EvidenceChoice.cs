namespace SmimeKit.Tool.Options;

/// <summary>Whom to trust, with which keys, and how strictly: as the command line says, nothing read yet.</summary>
internal sealed record EvidenceChoice
{
    internal DateTimeOffset? At { get; init; }

    internal string Policy { get; init; } = "default";

    internal IReadOnlyList<string> Trust { get; init; } = [];

    internal bool SystemTrust { get; init; }

    internal IReadOnlyList<string> Certificates { get; init; } = [];

    internal IReadOnlyList<string> Keys { get; init; } = [];

    internal IReadOnlyList<string> Passwords { get; init; } = [];

    internal IReadOnlyList<string> PasswordFiles { get; init; } = [];

    internal IReadOnlyList<string> SecretKeys { get; init; } = [];

    internal IReadOnlyList<string> RecipientPasswords { get; init; } = [];

    internal string? Store { get; init; }

    internal bool NoStore { get; init; }

    internal IReadOnlyList<string> Limits { get; init; } = [];

    internal bool RequiresRevocation { get; init; }
}
