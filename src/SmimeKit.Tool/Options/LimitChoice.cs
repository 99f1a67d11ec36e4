using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Tool.Options;

/// <summary>All limits, and how <c>--limit name=value</c> changes one by its name.</summary>
internal sealed record LimitChoice(SmimeLimits Mail, CmsLimits Cms, FileLimits Files)
{
    internal static LimitChoice Default { get; } = new(SmimeLimits.Default, CmsLimits.Default, FileLimits.Default);

    /// <summary>Applies settings to the defaults.</summary>
    internal static LimitChoice Parse(IEnumerable<string> settings) => settings.Aggregate(Default, (limits, setting) => limits.With(setting));

    private LimitChoice With(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && long.TryParse(setting[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? With(setting[..equals], value)
            : throw ToolException.Usage($"--limit takes name=value with a whole number, not '{setting}'.");
    }

    private LimitChoice With(string name, long value) => name.ToUpperInvariant() switch
    {
        "MAXLAYERS" => this with { Mail = Mail with { MaxLayers = Int(name, value) } },
        "MAXMIMEDEPTH" => this with { Mail = Mail with { MaxMimeDepth = Int(name, value) } },
        "MAXMIMEPARTS" => this with { Mail = Mail with { MaxMimeParts = Int(name, value) } },
        "MAXHEADERFIELDS" => this with { Mail = Mail with { MaxHeaderFields = Int(name, value) } },
        "MAXSIGNATURESIZE" => this with { Mail = Mail with { MaxSignatureSize = Int(name, value) } },
        "MAXADDRESSES" => this with { Mail = Mail with { MaxAddresses = Int(name, value) } },
        "MAXHEADERSIZE" => this with
        {
            Mail = Mail with { MaxHeaderSize = Int(name, value) },
            Cms = Cms with { MaxHeaderSize = Int(name, value) },
        },
        "MAXCONTENTINMEMORY" => this with
        {
            Mail = Mail with { MaxContentInMemory = Int(name, value) },
            Cms = Cms with { MaxContentInMemory = Int(name, value) },
        },
        "MAXCERTIFICATES" => this with
        {
            Cms = Cms with { MaxCertificates = Int(name, value) },
            Files = Files with { MaxCertificates = Int(name, value) },
        },
        "MAXASN1DEPTH" => this with { Cms = Cms with { MaxAsn1Depth = Int(name, value) } },
        "MAXCERTIFICATESIZE" => this with { Cms = Cms with { MaxCertificateSize = Int(name, value) } },
        "MAXCRLSIZE" => this with { Cms = Cms with { MaxCrlSize = Int(name, value) } },
        "MAXCRLS" => this with { Cms = Cms with { MaxCrls = Int(name, value) } },
        "MAXSIGNERS" => this with { Cms = Cms with { MaxSigners = Int(name, value) } },
        "MAXDIGESTALGORITHMS" => this with { Cms = Cms with { MaxDigestAlgorithms = Int(name, value) } },
        "MAXRECIPIENTS" => this with { Cms = Cms with { MaxRecipients = Int(name, value) } },
        "MAXRECIPIENTINFOSIZE" => this with { Cms = Cms with { MaxRecipientInfoSize = Int(name, value) } },
        "MAXATTRIBUTESSIZE" => this with { Cms = Cms with { MaxAttributesSize = Int(name, value) } },
        "MAXSPOOLSIZE" => this with { Cms = Cms with { MaxSpoolSize = value } },
        "MAXFILESIZE" => this with { Files = Files with { MaxFileSize = Int(name, value) } },
        "MAXBAGS" => this with { Files = Files with { MaxBags = Int(name, value) } },
        "MAXKDFITERATIONS" => this with { Files = Files with { MaxKdfIterations = value } },
        _ => throw ToolException.Usage($"There is no limit '{name}'; docs/cli.md lists them."),
    };

    private static int Int(string name, long value) =>
        value <= int.MaxValue ? (int)value : throw ToolException.Usage($"The limit {name} is at most {int.MaxValue}.");
}
