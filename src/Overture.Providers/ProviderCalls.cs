using Overture.Providers.Apollo;
using Overture.Providers.Clearbit;
using Overture.Providers.Crunchbase;
using Overture.Providers.DataForSeo;
using Overture.Providers.Explorium;
using Overture.Providers.Hunter;
using Overture.Providers.HubSpot;
using Overture.Providers.Lemlist;
using Overture.Providers.Outbound;
using Overture.Providers.PeopleDataLabs;
using Overture.Providers.SecEdgar;

namespace Overture.Providers;

/// <summary>What can be read of one provider's answers.</summary>
/// <param name="Provider">The short name.</param>
/// <param name="Aliases">Other names it is known by.</param>
/// <param name="Judge">Turns an error answer into a failure.</param>
/// <param name="Calls">Readers by the operation's name, with other names after a bar.</param>
sealed record ProviderCalls(
    string Provider, IReadOnlyList<string> Aliases, Func<Answer, ProviderFailure?> Judge,
    IReadOnlyDictionary<string, Func<byte[], object?>> Calls)
{
    /// <summary>THE table of all providers and calls.</summary>
    public static readonly IReadOnlyList<ProviderCalls> All =
    [
        new(SecEdgarOptions.Provider, ["edgar", "sec"], new SecEdgarOptions().Profile.Judge, Readers(
            ("filing|submission_text|form_d|primary_doc", FormDReader.Read),
            ("daily_index|quarter_index|index|form_index|master_index", FilingIndexReader.Read),
            ("submissions", SubmissionsReader.Read),
            ("submissions_page", SubmissionsReader.ReadPage),
            ("latest|atom|getcurrent|feed", LatestFeed.Read),
            ("search|full_text_search|efts|search_index", FullTextSearch.Read))),
        new(HunterOptions.Provider, ["hunter_io"], HunterVerdict.Of, Readers(
            ("domain_search", HunterReader.DomainSearch),
            ("domain_company", HunterReader.DomainCompany),
            ("email_finder", HunterReader.EmailFinder),
            ("email_verifier|verify", HunterReader.EmailVerifier),
            ("email_count", HunterReader.EmailCount),
            ("account|account_info", HunterReader.Account),
            ("people_find|person_find", HunterReader.PersonFind),
            ("companies_find|company_find", HunterReader.CompanyFind),
            ("combined_find", HunterReader.CombinedFind))),
        new(ApolloOptions.Provider, ["apollo_io"], ApolloVerdict.Of, Readers(
            ("people_search|mixed_people_api_search|search_people|people_api_search", ApolloReader.People),
            ("organization_search|mixed_companies_search|organizations_search|company_search",
                ApolloReader.Companies),
            ("people_match|person_match|enrich_person|people_enrich|webhook_result", ApolloReader.Match),
            ("people_bulk_match|bulk_match", ApolloReader.BulkMatch),
            ("organization_enrich|organizations_enrich|enrich_organization|company_enrich",
                ApolloReader.Organization),
            ("organization_bulk_enrich|organizations_bulk_enrich", ApolloReader.Organizations),
            ("contacts_search|list_contacts|contacts", ApolloReader.People),
            ("contact|create_contact|update_contact", ApolloReader.Contact),
            ("sequences|emailer_campaigns_search", ApolloReader.Sequences),
            ("usage_stats|api_usage_stats", ApolloReader.Usage))),
        new(PeopleDataLabsOptions.Provider, ["pdl"], new PeopleDataLabsOptions().Profile.Judge, Readers(
            ("person_enrich|enrich_person", PeopleDataLabsReader.PersonEnrich),
            ("person_bulk", PeopleDataLabsReader.PersonBulk),
            ("person_search", PeopleDataLabsReader.PersonSearch),
            ("company_enrich|enrich_company", PeopleDataLabsReader.CompanyEnrich),
            ("company_search", PeopleDataLabsReader.CompanySearch))),
        new(ClearbitOptions.Provider, ["breeze"], new ClearbitOptions().Profile.Judge, Readers(
            ("company_find|companies_find", ClearbitReader.CompanyFind),
            ("person_find|people_find", ClearbitReader.PersonFind),
            ("combined_find", ClearbitReader.CombinedFind),
            ("suggest|companies_suggest|autocomplete", ClearbitReader.Suggest))),
        new(ExploriumOptions.Provider, ["agentsource"], new ExploriumOptions().Profile.Judge, Readers(
            ("businesses_match|prospects_match|match", ExploriumReader.Matches),
            ("businesses|businesses_fetch", ExploriumReader.Businesses),
            ("prospects|prospects_fetch", ExploriumReader.Prospects),
            ("firmographics|businesses_firmographics_enrich|firmographics_enrich",
                ExploriumReader.Firmographics),
            ("contacts_information|prospects_contacts_information_enrich",
                ExploriumReader.ContactsInformation),
            ("autocomplete|businesses_autocomplete", ExploriumReader.Autocomplete))),
        new(CrunchbaseOptions.Provider, [], new CrunchbaseOptions().Profile.Judge, Readers(
            ("organization|entity_organization|entities_organizations", CrunchbaseReader.Organization),
            ("search_organizations|searches_organizations", CrunchbaseReader.Organizations),
            ("search_funding_rounds|searches_funding_rounds", CrunchbaseReader.FundingRounds),
            ("autocomplete|autocompletes", CrunchbaseReader.Autocomplete))),
        new(DataForSeoOptions.Provider, ["data_for_seo"], DataForSeoVerdict.Of, Readers(
            ("serp|serp_google_organic_live_advanced|serp_live|search", DataForSeoReader.Serp),
            ("search_order|serp_google_organic_task_post", DataForSeoReader.SearchesOrdered),
            ("searches_done|serp_google_organic_tasks_ready", DataForSeoReader.SearchesDone),
            ("search_result|serp_google_organic_task_get_advanced", DataForSeoReader.Serp),
            ("locations|serp_google_locations", DataForSeoReader.Places),
            ("domain_ranks|backlinks_bulk_ranks_live", DataForSeoReader.Ranks),
            ("on_page_task|on_page_task_post", DataForSeoReader.CrawlOrdered),
            ("on_page_summary", DataForSeoReader.CrawlSummary),
            ("on_page_pages", DataForSeoReader.Pages),
            ("instant_pages|on_page_instant_pages", DataForSeoReader.Pages),
            ("user_data|appendix_user_data", DataForSeoReader.UserData))),
        new(HubSpotOptions.Provider, [], HubSpotVerdict.Of, Readers(
            ("objects|search", HubSpotReader.Objects),
            ("object", HubSpotReader.One),
            ("contacts|search_contacts|list_contacts|contacts_search", HubSpotReader.People),
            ("contact|get_contact|create_contact", HubSpotReader.Contact),
            ("companies|search_companies|list_companies|companies_search", HubSpotReader.Companies),
            ("company|get_company|create_company", HubSpotReader.CompanyOf),
            ("batch|batch_read|batch_create|batch_update|batch_upsert", HubSpotReader.Batch),
            ("owners", HubSpotReader.Owners),
            ("properties", HubSpotReader.Properties))),
        new(LemlistOptions.Provider, [], LemlistVerdict.Of, Readers(
            ("campaigns", LemlistReader.Campaigns),
            ("leads|leads_list", LemlistReader.Leads),
            ("lead|lead_create", LemlistReader.OneLead),
            ("activities", LemlistReader.Activities),
            ("activity|webhook", LemlistReader.OneActivity),
            ("unsubscribes|unsub_list", LemlistReader.Unsubscribes),
            ("credits|team_credits", LemlistReader.Credits))),
    ];

    static Dictionary<string, Func<byte[], object?>> Readers(
        params ReadOnlySpan<(string Names, Func<byte[], object?> Read)> readers)
    {
        Dictionary<string, Func<byte[], object?>> calls = new(StringComparer.Ordinal);
        foreach (var (names, read) in readers) calls[names] = read;
        return calls;
    }
}
