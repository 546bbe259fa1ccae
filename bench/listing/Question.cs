using System.Globalization;
using Overture.Core.Model;

namespace Overture.Bench.LeadPages;

/// <summary>
/// One kind of question that the page of leads asks, with several values each, and how plain SQL over the
/// three tables would ask it.
/// </summary>
sealed record Question(string Name, bool IsSearch, params LeadFilter[] Filters)
{
    static readonly string[] Industries = ["Software", "Logistics", "Fishing"];
    static readonly string[] Countries = ["Austria", "Japan", "Malta"];

    public static readonly IReadOnlyList<Question> All =
    [
        new("no filter, newest", false, new LeadFilter()),
        new("by score", false, new LeadFilter { Sort = LeadSort.Score }),
        new("by name", false, new LeadFilter { Sort = LeadSort.Name }),
        new("by company", false, new LeadFilter { Sort = LeadSort.Company }),
        new("state", false,
            [.. Enum.GetValues<LeadState>().Select(state => new LeadFilter { State = state })]),
        new("state, by score", false,
            [.. Enum.GetValues<LeadState>().Select(
                state => new LeadFilter { State = state, Sort = LeadSort.Score })]),
        new("industry", false, [.. Industries.Select(value => new LeadFilter { Industry = value })]),
        new("industry, by name", false,
            [.. Industries.Select(value => new LeadFilter { Industry = value, Sort = LeadSort.Name })]),
        new("country", false, [.. Countries.Select(value => new LeadFilter { Country = value })]),
        new("source", false,
            new LeadFilter { Source = "import" }, new LeadFilter { Source = "manual" }),
        new("with or without address", false,
            new LeadFilter { HasEmail = true }, new LeadFilter { HasEmail = false }),
        new("score of at least", false,
            new LeadFilter { MinScore = 50 }, new LeadFilter { MinScore = 99.9m },
            new LeadFilter { MinScore = 90, Sort = LeadSort.Score }),
        new("reached", false,
            new LeadFilter { Reached = LeadPhase.Enriched }, new LeadFilter { Reached = LeadPhase.Ranked }),
        new("list", false, new LeadFilter { ListId = 1 }),
        new("company", false, new LeadFilter { CompanyId = 17 }, new LeadFilter { CompanyId = 40_404 }),
        new("three filters", false,
            new LeadFilter { State = LeadState.Ranked, Industry = "Retail", Country = "France" },
            new LeadFilter { State = LeadState.Closed, Industry = "Fishing", HasEmail = true },
            new LeadFilter { MinScore = 80, Source = "manual", Country = "Kenya", Sort = LeadSort.Score }),
        Search("search name, rare", "last399998", "last391234", "last350011", "first19990", "last277777"),
        Search("search name, common", "first0", "last0", "first1", "last2", "first"),
        Search("search company, rare", "works40404", "works1777", "trade49900", "trade41234"),
        Search("search company, common", "trade0", "trade1", "trade2", "trade"),
        Search("search title, rare", "area4998", "area4321", "beekeeper area4001"),
        Search("search title, common", "manager", "director", "area0", "engineer", "founder area0"),
        Search("search two words", "first0 manager", "last0 director", "trade0 engineer", "first7 trade9"),
        Search("search within a state", LeadState.Ranked, "first0", "last399998", "manager", "trade3"),
        Search("search misspelt", "frist0", "mangaer", "beekeper", "enginneer"),
    ];

    /// <summary>The same condition as somebody would write it by hand over the tables themselves.</summary>
    public static string Plain(LeadFilter filter)
    {
        List<string> conditions = ["l.workspace_id = 1"];
        foreach (var word in (filter.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            conditions.Add(
                $"(c.full_name ilike '%{word}%' or c.title ilike '%{word}%' or c.email ilike '%{word}%' "
                + $"or co.name ilike '%{word}%')");
        if (filter.State is { } state) conditions.Add($"l.state = '{state.ToString().ToLowerInvariant()}'");
        if (filter.Industry is { } industry) conditions.Add($"co.industry = '{industry}'");
        if (filter.Country is { } country) conditions.Add($"coalesce(c.country, co.country) = '{country}'");
        if (filter.Source is { } source) conditions.Add($"l.source = '{source}'");
        if (filter.HasEmail is { } has) conditions.Add($"c.email is {(has ? "not " : "")}null");
        if (filter.MinScore is { } score)
            conditions.Add($"l.score >= {score.ToString(CultureInfo.InvariantCulture)}");
        if (filter.CompanyId is { } company) conditions.Add($"l.company_id = {company}");
        if (filter.ListId is { } list)
            conditions.Add(
                $"exists (select from list_members m where m.list_id = {list} and m.lead_id = l.id)");
        if (filter.Reached is { } phase)
            conditions.Add($"l.{phase.ToString().ToLowerInvariant()}_at is not null");
        return $"""
            from leads l join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
            left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id
            join lead_listing s on s.workspace_id = l.workspace_id and s.lead_id = l.id
            where {string.Join(" and ", conditions)}
            order by {OrderOf(filter.Sort)}
            """;
    }

    static string OrderOf(LeadSort sort) => sort switch
    {
        LeadSort.Score => "l.score_key desc nulls last, l.id",
        LeadSort.Name => "s.name_key, l.id",
        LeadSort.Company => "s.company_key nulls last, l.id",
        _ => "l.id desc",
    };

    static Question Search(string name, params string[] words) =>
        new(name, true, [.. words.Select(word => new LeadFilter { Search = word })]);

    static Question Search(string name, LeadState state, params string[] words) =>
        new(name, true, [.. words.Select(word => new LeadFilter { Search = word, State = state })]);
}
