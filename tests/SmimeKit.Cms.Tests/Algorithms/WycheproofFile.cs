using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>One file of Project Wycheproof: each test carries its own result.</summary>
internal static class WycheproofFile
{
    internal static IEnumerable<(JsonElement Group, JsonElement Test)> Read(string name)
    {
        using JsonDocument file = JsonDocument.Parse(Vectors.Read($"wycheproof/{name}.json"));
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                yield return (group, test);
            }
        }
    }

    internal static byte[] Octets(this JsonElement test, string member) => Convert.FromHexString(test.GetProperty(member).GetString()!);

    internal static bool IsValid(this JsonElement test) => test.GetProperty("result").GetString() == "valid";
}
