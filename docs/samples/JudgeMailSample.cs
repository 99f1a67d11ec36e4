namespace SmimeKit.Samples;

public static class JudgeMailSample
{
    public static async Task<bool> JudgeAsync(Stream mail, SmimeOpenOptions options, Stream content, TextWriter log)
    {
        SmimeReport report = await new SmimeOpener(options).OpenAsync(mail, content);
        await log.WriteLineAsync($"{report.Outcome}, encryption: {report.Encryption}, signed: {report.Coverage}");
        foreach (SignatureReport signature in report.Signatures)
        {
            await log.WriteLineAsync($"  {signature.Certificate?.Subject}, for {signature.MatchedAddress}, trusted: {signature.IsTrusted}");
            foreach (string problem in signature.Problems)
            {
                await log.WriteLineAsync($"    {problem}");
            }
        }

        return report.Outcome == MessageOutcome.Valid;
    }
}
