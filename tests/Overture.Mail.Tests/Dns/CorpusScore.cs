using System.Text.Json;
using Overture.Testing;

namespace Overture.Mail.Tests.Dns;

/// <summary>Rows of an outside corpus and the table line of a score.</summary>
static class CorpusScore
{
    public static IEnumerable<(string File, JsonElement Expected)> Rows(string corpus, string prefix = "")
    {
        var folder = SharedData.PathOf("email/" + corpus);
        Assert.SkipWhen(folder is null, "outside test data is absent");
        foreach (var line in File.ReadLines(Path.Combine(folder!, "expected.jsonl")))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var file = row.GetProperty("file").GetString()!;
            if (Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal))
                yield return (Path.Combine(folder!, file), row.GetProperty("expected"));
        }
    }

    public static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;

    public static void Report(string corpus, int right, int all, string peer, IEnumerable<string> misses)
    {
        Console.WriteLine(ScoreLine.Of(corpus, right, all, peer));
        foreach (var miss in misses) Console.WriteLine("  miss: " + miss);
    }
}
