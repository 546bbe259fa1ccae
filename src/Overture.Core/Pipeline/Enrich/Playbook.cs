using Overture.Ranking;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Pipeline;

/// <summary>One industry's page of the playbook.</summary>
public sealed record PlaybookPage
{
    public required string Name { get; init; }
    public required List<string> Words { get; init; }
    public required List<string> PainPoints { get; init; }
    public required List<string> BuyingTriggers { get; init; }
}

/// <summary>What is generally true of an industry; used where nobody knows better.</summary>
public sealed class Playbook
{
    readonly PlaybookFile file;

    Playbook(PlaybookFile file) => this.file = file;

    public static Playbook BuiltIn { get; } = Read(Text("playbook.yaml"));

    /// <summary>
    /// The page for a company, and whether its industry said so (rather than its description, or nothing).
    /// </summary>
    public (PlaybookPage Page, bool ByIndustry) For(string? industry, string? description)
    {
        if (Matching(industry) is { } byIndustry) return (byIndustry, true);
        return (Matching(description) ?? file.Default, false);
    }

    PlaybookPage? Matching(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return file.Industries.Find(page =>
            new KeywordList(page.Words, [], []).Match(text).Positive.Count > 0);
    }

    static Playbook Read(string yaml)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
            .Build();
        return new Playbook(reader.Deserialize<PlaybookFile>(yaml));
    }

    static string Text(string name)
    {
        using var stream = typeof(Playbook).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not part of this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    sealed record PlaybookFile
    {
        public required List<PlaybookPage> Industries { get; init; }
        public required PlaybookPage Default { get; init; }
    }
}
