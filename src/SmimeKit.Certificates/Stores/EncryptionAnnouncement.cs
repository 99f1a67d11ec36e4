namespace SmimeKit.Certificates;

/// <summary>What one fully validated message says about how to encrypt to its sender.</summary>
/// <param name="EmailAddress">The address, taken from the verified certificate, never from a display name.</param>
/// <param name="Certificate">The encryption certificate.</param>
/// <param name="Capabilities">DER SMIMECapabilities (RFC 8551 §2.5.2); empty when the message has none.</param>
/// <param name="SigningTime">The signing time claimed in the message: the newest wins.</param>
public sealed record EncryptionAnnouncement(
    string EmailAddress, Certificate Certificate, ReadOnlyMemory<byte> Capabilities, DateTimeOffset SigningTime);
