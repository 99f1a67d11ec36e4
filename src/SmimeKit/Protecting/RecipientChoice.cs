using SmimeKit.Capabilities;
using SmimeKit.Certificates;

namespace SmimeKit.Protecting;

/// <summary>A certificate to encrypt to, with what its owner is known to read; null when nothing is known.</summary>
internal sealed record RecipientChoice(Certificate Certificate, SmimeCapabilities? Capabilities);
