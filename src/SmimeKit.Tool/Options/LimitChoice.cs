using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Tool.Options;

/// <summary>All limits, and how <c>--limit name=value</c> changes one by its name: that of the property that has it.</summary>
internal sealed record LimitChoice(SmimeLimits Mail, CmsLimits Cms, FileLimits Files, PathLimits Paths)
{
    private static readonly LimitSetting[] _settings =
    [
        new(nameof(SmimeLimits.MaxLayers), (all, v) => all with { Mail = all.Mail with { MaxLayers = (int)v } }),
        new(nameof(SmimeLimits.MaxMimeDepth), (all, v) => all with { Mail = all.Mail with { MaxMimeDepth = (int)v } }),
        new(nameof(SmimeLimits.MaxMimeParts), (all, v) => all with { Mail = all.Mail with { MaxMimeParts = (int)v } }),
        new(nameof(SmimeLimits.MaxHeaderSize), (all, v) => all with
        {
            Mail = all.Mail with { MaxHeaderSize = (int)v },
            Cms = all.Cms with { MaxHeaderSize = (int)v },
        }),
        new(nameof(SmimeLimits.MaxHeaderFields), (all, v) => all with { Mail = all.Mail with { MaxHeaderFields = (int)v } }),
        new(nameof(SmimeLimits.MaxSignatureSize), (all, v) => all with { Mail = all.Mail with { MaxSignatureSize = (int)v } }),
        new(nameof(SmimeLimits.MaxAddresses), (all, v) => all with { Mail = all.Mail with { MaxAddresses = (int)v } }),
        new(nameof(SmimeLimits.MaxContentInMemory), (all, v) => all with
        {
            Mail = all.Mail with { MaxContentInMemory = (int)v },
            Cms = all.Cms with { MaxContentInMemory = (int)v },
        }),
        new(nameof(CmsLimits.MaxSpoolSize), (all, v) => all with { Cms = all.Cms with { MaxSpoolSize = v } }, long.MaxValue),
        new(nameof(CmsLimits.MaxInflatedSize), (all, v) => all with { Cms = all.Cms with { MaxInflatedSize = v } }, long.MaxValue),
        new(nameof(CmsLimits.MaxInflateRatio), (all, v) => all with { Cms = all.Cms with { MaxInflateRatio = (int)v } }),
        new(nameof(CmsLimits.MaxInflatedAtAnyRatio), (all, v) => all with { Cms = all.Cms with { MaxInflatedAtAnyRatio = v } }, long.MaxValue),
        new(nameof(CmsLimits.MaxAsn1Depth), (all, v) => all with { Cms = all.Cms with { MaxAsn1Depth = (int)v } }),
        new(nameof(CmsLimits.MaxCertificateSize), (all, v) => all with { Cms = all.Cms with { MaxCertificateSize = (int)v } }),
        new(nameof(CmsLimits.MaxCertificates), (all, v) => all with
        {
            Cms = all.Cms with { MaxCertificates = (int)v },
            Files = all.Files with { MaxCertificates = (int)v },
        }),
        new(nameof(CmsLimits.MaxCrlSize), (all, v) => all with { Cms = all.Cms with { MaxCrlSize = (int)v } }),
        new(nameof(CmsLimits.MaxCrls), (all, v) => all with { Cms = all.Cms with { MaxCrls = (int)v } }),
        new(nameof(CmsLimits.MaxSigners), (all, v) => all with { Cms = all.Cms with { MaxSigners = (int)v } }),
        new(nameof(CmsLimits.MaxSignatureChecks), (all, v) => all with { Cms = all.Cms with { MaxSignatureChecks = (int)v } }),
        new(nameof(CmsLimits.MaxContentSignedWhole), (all, v) => all with { Cms = all.Cms with { MaxContentSignedWhole = (int)v } }),
        new(nameof(CmsLimits.MaxCountersignatures), (all, v) => all with { Cms = all.Cms with { MaxCountersignatures = (int)v } }),
        new(nameof(CmsLimits.MaxCountersignatureDepth), (all, v) => all with { Cms = all.Cms with { MaxCountersignatureDepth = (int)v } }),
        new(nameof(CmsLimits.MaxTimeStamps), (all, v) => all with { Cms = all.Cms with { MaxTimeStamps = (int)v } }),
        new(nameof(CmsLimits.MaxDigestAlgorithms), (all, v) => all with { Cms = all.Cms with { MaxDigestAlgorithms = (int)v } }),
        new(nameof(CmsLimits.MaxRecipients), (all, v) => all with { Cms = all.Cms with { MaxRecipients = (int)v } }),
        new(nameof(CmsLimits.MaxKeyOperations), (all, v) => all with { Cms = all.Cms with { MaxKeyOperations = (int)v } }),
        new(nameof(CmsLimits.MaxPasswordIterations), (all, v) => all with { Cms = all.Cms with { MaxPasswordIterations = v } }, long.MaxValue),
        new(nameof(CmsLimits.MaxRecipientInfoSize), (all, v) => all with { Cms = all.Cms with { MaxRecipientInfoSize = (int)v } }),
        new(nameof(CmsLimits.MaxAttributesSize), (all, v) => all with { Cms = all.Cms with { MaxAttributesSize = (int)v } }),
        new(nameof(FileLimits.MaxFileSize), (all, v) => all with { Files = all.Files with { MaxFileSize = (int)v } }),
        new(nameof(FileLimits.MaxBags), (all, v) => all with { Files = all.Files with { MaxBags = (int)v } }),
        new(nameof(FileLimits.MaxKdfIterations), (all, v) => all with { Files = all.Files with { MaxKdfIterations = v } }, long.MaxValue),
        new(nameof(PathLimits.SignatureChecks), (all, v) => all with { Paths = all.Paths with { SignatureChecks = (int)v } }),
        new(nameof(PathLimits.PathLength), (all, v) => all with { Paths = all.Paths with { PathLength = (int)v } }),
        new(nameof(PathLimits.CandidatePaths), (all, v) => all with { Paths = all.Paths with { CandidatePaths = (int)v } }),
        new(nameof(PathLimits.CandidatesPerIssuer), (all, v) => all with { Paths = all.Paths with { CandidatesPerIssuer = (int)v } }),
        new(nameof(PathLimits.RejectedPaths), (all, v) => all with { Paths = all.Paths with { RejectedPaths = (int)v } }),
        new(nameof(PathLimits.Elapsed), (all, v) => all with { Paths = all.Paths with { Elapsed = TimeSpan.FromMilliseconds(v) } }),
    ];

    internal static LimitChoice Default { get; } = new(SmimeLimits.Default, CmsLimits.Default, FileLimits.Default, PathLimits.Default);

    /// <summary>Gets the names of all limits.</summary>
    internal static IEnumerable<string> Names => _settings.Select(s => s.Name);

    /// <summary>Applies settings to the defaults.</summary>
    internal static LimitChoice Parse(IEnumerable<string> settings) => settings.Aggregate(Default, (limits, setting) => limits.With(setting));

    private LimitChoice With(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? setting : setting[..equals];
        LimitSetting limit = Array.Find(_settings, s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ToolException.Usage($"There is no limit '{name}'. The limits are {string.Join(", ", Names)}.");
        return equals > 0 && long.TryParse(setting[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value <= limit.Largest
            ? limit.Apply(this, value)
            : throw ToolException.Usage($"--limit takes {limit.Name}=value with a whole number up to {limit.Largest}, not '{setting}'.");
    }

    // One name may stand for limits of several layers that mean the same.
    private sealed record LimitSetting(string Name, Func<LimitChoice, long, LimitChoice> Apply, long Largest = int.MaxValue);
}
