using Dapper;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// A filter over leads as fixed texts and parameters; what a person typed travels only as a parameter. Words,
/// and whatever else does not change with a lead's state, are one condition on one index.
/// </summary>
sealed class LeadQueryStore
{
    const string Listing = "lead_listing";

    /// <summary>The same rows, of which only those with the words that are looked for are there.</summary>
    const string Search = "lead_search";

    readonly DynamicParameters values;
    readonly List<string> conditions = [];
    bool readsLeads;
    bool readsListing;

    /// <param name="alike">Takes the place of what was typed, when nothing has those words.</param>
    public LeadQueryStore(
        Session session, LeadFilter filter, string? alike, bool sortsByListing, bool sortsByLead)
    {
        values = new DynamicParameters(new { session.WorkspaceId });
        readsListing = sortsByListing;
        readsLeads = sortsByLead;
        Words = LeadWords.Of(filter, alike);
        if (Words is not null)
        {
            readsListing = true;
            values.Add("words", Words);
        }

        AddLeadConditions(filter);
        AddMemberships(filter);
    }

    /// <summary>The condition on words and facets; null where there is none.</summary>
    public string? Words { get; }

    public DynamicParameters Values => values;

    /// <summary>The lead's number, in whichever table is read.</summary>
    public string Id => readsLeads || !readsListing ? "l.id" : "s.lead_id";

    /// <summary>All leads, in whatever order is asked for.</summary>
    public string From => Over(Listing);

    /// <summary>
    /// Only those with these words, found by their index; after <see cref="LookFor"/> in the same session.
    /// </summary>
    public string Found => Over(Words is null ? Listing : Search);

    /// <summary>All conditions but the one on words.</summary>
    public string Where => string.Concat(conditions.Select(condition => " and " + condition));

    /// <summary>The condition on words, too: read lead after lead, for an index would not be asked.</summary>
    public string WithWords => Where + (Words is null ? "" : " and s.words @@ @words::tsquery");

    /// <summary>
    /// What lead_search shows until the session ends: row-level security lets no other condition on words
    /// reach an index.
    /// </summary>
    public static Task LookFor(Session session, string? words, CancellationToken cancel) =>
        words is null ? Task.CompletedTask : session.Run(
            "select set_config('overture.words', @words, true)", new { words }, cancel);

    /// <summary>Narrows the query to leads that somebody ticked.</summary>
    public void Only(IReadOnlyList<long> ids)
    {
        values.Add("onlyIds", ids.ToArray());
        conditions.Add($"{Id} = any(@onlyIds)");
    }

    string Over(string listing) =>
        !readsListing ? "from leads l where l.workspace_id = @WorkspaceId"
        : readsLeads
            ? $"from leads l join {listing} s on s.workspace_id = l.workspace_id and s.lead_id = l.id "
                + "where l.workspace_id = @WorkspaceId"
        : $"from {listing} s where s.workspace_id = @WorkspaceId";

    void AddLeadConditions(LeadFilter filter)
    {
        OfLead("l.state = @state", "state", filter.State is { } state ? LeadStore.Word(state) : null);
        OfLead("l.score_key >= @minScore", "minScore", LeadOrder.ScoreKey(filter.MinScore));
        OfLead("l.company_id = @companyId", "companyId", filter.CompanyId);
        if (filter.Reached is not { } phase) return;
        readsLeads = true;
        conditions.Add(phase == LeadPhase.Enriched ? "l.enriched_at is not null" : "l.ranked_at is not null");
    }

    void AddMemberships(LeadFilter filter)
    {
        if (filter.ListId is { } list)
        {
            values.Add("listId", list);
            conditions.Add(
                $"""
                exists (select from list_members m where m.workspace_id = @WorkspaceId
                        and m.list_id = @listId and m.lead_id = {Id})
                """);
        }

        if (filter.EnrolledIn is { } campaign)
        {
            values.Add("enrolledIn", campaign);
            conditions.Add(
                $"""
                exists (select from enrollments n where n.workspace_id = @WorkspaceId
                        and n.campaign_id = @enrolledIn and n.lead_id = {Id})
                """);
        }
    }

    void OfLead(string condition, string name, object? value)
    {
        if (value is null) return;
        readsLeads = true;
        conditions.Add(condition);
        values.Add(name, value);
    }
}
