using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>A password at hand. Entries for passwords name nobody: each is tried that derives a key where this derives one.</summary>
internal sealed class PasswordSource : KeySource
{
    private const byte KeyDerivation = 0xA0;

    internal PasswordSource(RecipientPassword password, KdfBudget budget)
    {
        ArgumentNullException.ThrowIfNull(password);
        Password = password;
        Budget = budget;
    }

    internal RecipientPassword Password { get; }

    /// <summary>Gets what all passwords may still spend on the message.</summary>
    internal KdfBudget Budget { get; }

    // The value after the version: keyDerivationAlgorithm [0], or what follows where it is absent.
    internal override bool Matches(RecipientKind kind, BerValue rid) =>
        kind == RecipientKind.Password && rid.Identifier == KeyDerivation != Password.IsKey;

    internal override (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, RecoveryContext context) =>
        PasswordKey.Prepare(recipient, this, context);

    internal override bool HasSameKeyAs(KeySource other) =>
        other is PasswordSource source && CryptographicOperations.FixedTimeEquals(Password.Octets, source.Password.Octets);
}
