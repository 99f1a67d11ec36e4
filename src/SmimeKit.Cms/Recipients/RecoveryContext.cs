using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>What the recovery of a key depends on besides the recipient and the key at hand.</summary>
/// <param name="Policy">What is accepted.</param>
/// <param name="Limits">What may be spent.</param>
/// <param name="At">The instant at which the policy judges.</param>
/// <param name="OriginatorCertificates">The certificates that the message carries for its originators; the search adds those at hand.</param>
internal sealed record RecoveryContext(CmsPolicy Policy, CmsLimits Limits, DateTimeOffset At, IReadOnlyList<Certificate> OriginatorCertificates);
