using System.Text.RegularExpressions;
using Overture.Ranking;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Model;

/// <summary>An ideal customer as rules; what is left out is not asked.</summary>
public sealed partial record DiscoveryRules
{
    const int LongestText = 20_000;
    const int MostWords = 100;
    const int MostWebSearches = 1_000;

    public List<string> Titles { get; init; } = [];

    /// <summary>founder, c_level, vp, head, director, manager, senior.</summary>
    public List<string> Seniorities { get; init; } = [];

    public List<string> Industries { get; init; } = [];
    public List<string> Keywords { get; init; } = [];

    /// <summary>Names or two-letter codes.</summary>
    public List<string> Countries { get; init; } = [];

    public int? EmployeesFrom { get; init; }
    public int? EmployeesTo { get; init; }
    public int? FundedWithinDays { get; init; }

    /// <summary>What to type into a search engine: “dental clinic Berlin”.</summary>
    public List<string> Searches { get; init; } = [];

    /// <summary>
    /// Kinds of companies, each put before every search or searched alone; what is found is of that industry.
    /// </summary>
    public List<string> Categories { get; init; } = [];

    /// <summary>
    /// Where the search engine stands: “Vienna,Vienna,Austria”. Without them in the only country, if there is
    /// one.
    /// </summary>
    public List<string> Places { get; init; } = [];

    /// <summary>Searches are ordered and fetched later, which is slower and cheaper.</summary>
    public bool Queued { get; init; }

    /// <summary>Whether the weight that the web gives to a found domain is asked for, too.</summary>
    public bool Authority { get; init; }

    /// <summary>Companies are searched first, and people in them.</summary>
    [YamlIgnore]
    public bool NamesCompanies => Industries.Count > 0 || Keywords.Count > 0 || EmployeesFrom is not null
        || EmployeesTo is not null || FundedWithinDays is not null;

    /// <exception cref="RuleBroken">The text is no YAML, or holds what is not known; it says
    /// where.</exception>
    public static DiscoveryRules Parse(string yaml)
    {
        if (yaml.Length > LongestText)
            throw new RuleBroken("rules_too_long", $"Rules have at most {LongestText:N0} letters.", "rules");
        if (Anchor().IsMatch(yaml))
            throw new RuleBroken(
                "bad_rules", "Anchors and aliases (& and *) are not used in rules.", "rules");
        try
        {
            var reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
                .Build();
            return Checked(reader.Deserialize<DiscoveryRules?>(yaml) ?? new DiscoveryRules());
        }
        catch (YamlException broken)
        {
            throw new RuleBroken(
                "bad_rules",
                $"The rules cannot be read at line {broken.Start.Line}: "
                + $"{broken.InnerException?.Message ?? broken.Message}", "rules");
        }
    }

    public string ToYaml() =>
        new SerializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(
            DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
        .Build().Serialize(this);

    /// <summary>What is typed into the search engine, and where: every category with every search.</summary>
    public IReadOnlyList<WebSearch> WebSearches()
    {
        string?[] kinds = Categories.Count > 0 ? [.. Categories] : [null];
        string?[] words = Searches.Count > 0 ? [.. Searches] : [null];
        // A search stands in one place; with several countries it stands where the engine puts it.
        string?[] places = Places.Count > 0 ? [.. Places] : [Countries is [var only] ? only : null];
        return
        [
            .. from kind in kinds from word in words from place in places
               where kind is not null || word is not null
               select new WebSearch(
                   string.Join(' ', new[] { kind, word }.OfType<string>()), place, kind),
        ];
    }

    /// <summary>The same wishes for the ranking, which says how well a proposal fits.</summary>
    public IdealCustomerProfile Profile() => new()
    {
        Titles = Titles, Industries = Industries, Countries = Countries, EmployeesFrom = EmployeesFrom,
        EmployeesTo = EmployeesTo, FundedWithinDays = FundedWithinDays,
        Seniorities = [.. Seniorities.Select(Level).OfType<Seniority>()],
    };

    static DiscoveryRules Checked(DiscoveryRules rules)
    {
        List<string>[] lists =
            [rules.Titles, rules.Seniorities, rules.Industries, rules.Keywords, rules.Countries,
                rules.Searches, rules.Categories, rules.Places];
        if (lists.Any(list => list.Count > MostWords))
            throw new RuleBroken(
                "bad_rules", $"A list of the rules has at most {MostWords} entries.", "rules");
        if (rules.WebSearches().Count > MostWebSearches)
            throw new RuleBroken(
                "bad_rules", $"Categories, searches and places make at most {MostWebSearches:N0} searches "
                + "of the web.", "rules");
        if (rules.Seniorities.FirstOrDefault(name => Level(name) is null) is { } unknown)
            throw new RuleBroken(
                "bad_rules", $"“{unknown}” is no seniority; there are founder, c_level, vp, head, director, "
                + "manager, senior, staff.", "rules");
        if (rules.EmployeesFrom > rules.EmployeesTo)
            throw new RuleBroken("bad_rules", "employees_from is larger than employees_to.", "rules");
        if (lists.All(list => list.Count == 0) && !rules.NamesCompanies)
            throw new RuleBroken("empty_rules", "Say at least one thing about whom you look for.", "rules");
        return rules;
    }

    static Seniority? Level(string name) =>
        Enum.TryParse<Seniority>(name.Replace("_", "", StringComparison.Ordinal), true, out var level)
        && level != Seniority.Unknown
            ? level
            : null;

    [GeneratedRegex(@"(^|[\s\[,:-])[&*]\w", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();
}

/// <summary>One search of the web: the words, the place, and the kind of company it looks for.</summary>
public sealed record WebSearch(string Words, string? Place, string? Category);
