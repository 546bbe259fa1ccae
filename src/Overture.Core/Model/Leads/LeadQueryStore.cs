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

    const string Gathered = "gathered";

    const string FromLeads = "from leads l where l.workspace_id = @WorkspaceId";

    readonly DynamicParameters values;
    readonly List<string> conditions = [];
    readonly List<string> onLead = [];
    bool readsLeads;
    bool readsListing;

    /// <param name="alike">Takes the place of what was typed, when nothing has those words.</param>
    public LeadQueryStore(
        Session session, LeadFilter filter, string? alike, bool sortsByListing, bool sortsByLead)
    {
        values = new DynamicParameters(new { session.WorkspaceId });
        readsListing = sortsByListing;
        readsLeads = sortsByLead;
        Terms = LeadWords.Of(filter, alike);
        Words = LeadWords.All(Terms);
        if (Words is not null)
        {
            readsListing = true;
            values.Add("words", Words);
        }

        AddLeadConditions(filter);
        AddMemberships(filter);
    }

    /// <summary>The conditions on words and facets, each by itself.</summary>
    public IReadOnlyList<LeadTerm> Terms { get; }

    /// <summary>All of them as one; null where there is none.</summary>
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

    /// <summary>Those that a part of the statement before this one has gathered.</summary>
    public string FromGathered => Over(Gathered) + Where;

    /// <summary>The same again among the leads themselves, in whatever order these are read.</summary>
    public string FromLeadsGathered =>
        $"{FromLeads} and (l.id in (select lead_id from {Gathered})) is true{Where}";

    /// <summary>Leads that meet all conditions on the lead itself; null where there is none.</summary>
    public string? OnLead => onLead.Count == 0 ? null
        : $"select {FromLeads}"
            + string.Concat(onLead.Select(condition => " and " + condition));

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
        !readsListing ? FromLeads
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
        OnlyLeads(phase == LeadPhase.Enriched ? "l.enriched_at is not null" : "l.ranked_at is not null");
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
        OnlyLeads(condition);
        values.Add(name, value);
    }

    void OnlyLeads(string condition)
    {
        readsLeads = true;
        conditions.Add(condition);
        onLead.Add(condition);
    }
}
