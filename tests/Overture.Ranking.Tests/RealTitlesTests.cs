using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Overture.Testing;

namespace Overture.Ranking.Tests;

/// <summary>The title parser on every title of the outside lists, against labels given by hand.</summary>
public class RealTitlesTests
{
    const double LeastRight = 0.9;
    static readonly string[] TitleFields =
        ["title", "position", "position_raw", "job_title", "jobtitle", "jobTitle", "headline"];

    [Fact]
    public void Levels_of_real_titles_are_mostly_right_and_no_leader_is_invented()
    {
        var folder = SharedData.PathOf("providers");
        Assert.SkipWhen(folder is null, "outside test data is absent");
        var labels = Labels();
        var known = Titles(folder).Distinct()
            .Select(title => (Title: title, Label: labels.GetValueOrDefault(Key(title))))
            .Where(one => one.Label is not null).ToList();
        Assert.True(known.Count > 40, $"only {known.Count} titles were found");
        var wrong = known.Where(one => Word(JobTitle.Parse(one.Title).Level) != one.Label).ToList();
        var right = known.Count - wrong.Count;
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"{right} of {known.Count} titles right ({(double)right / known.Count:P1})");
        foreach (var (title, label) in wrong)
            output?.WriteLine($"wrong: “{title}” is {label}, read as {Word(JobTitle.Parse(title).Level)}");
        Assert.True((double)right / known.Count >= LeastRight, $"{right} of {known.Count}");
        // Writing to a clerk as if they led the company is worse than missing a leader.
        Assert.DoesNotContain(wrong, one => JobTitle.Parse(one.Title).Level >= Seniority.CLevel
            && one.Label is not ("c_level" or "founder"));
    }

    static Dictionary<string, string> Labels()
    {
        using var stream = typeof(RealTitlesTests).Assembly.GetManifestResourceStream("TitleLabels.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    static IEnumerable<string> Titles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
            foreach (var title in FromJson(file)) yield return title;
        foreach (var file in Directory.EnumerateFiles(
            Path.Combine(folder, "sec-edgar", "form-d-reconstructed"), "*.xml"))
            foreach (var element in XDocument.Load(file).Descendants())
                if (element.Name.LocalName
                    is "relationshipClarification" or "signatureTitle" or "relationship")
                    yield return element.Value.Trim();
        var connections = SharedData.PathOf("linkedin/connections/Connections.csv");
        if (connections is null) yield break;
        foreach (var line in File.ReadLines(connections)
            .Where(line => line.Contains("http", StringComparison.Ordinal)))
            foreach (var cell in line.Split(',')) yield return cell.Trim('"', ' ');
    }

    static IEnumerable<string> FromJson(string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException)
        {
            return [];
        }

        using (document) return [.. Walk(document.RootElement)];
    }

    static IEnumerable<string> Walk(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field =>
            field.Value.ValueKind == JsonValueKind.String && TitleFields.Contains(field.Name)
                ? [field.Value.GetString()!.Trim()]
                : Walk(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Walk),
        _ => [],
    };

    static string Key(string title) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title)))[..12];

    static string Word(Seniority level) =>
        level == Seniority.CLevel ? "c_level" : level.ToString().ToLowerInvariant();
}
