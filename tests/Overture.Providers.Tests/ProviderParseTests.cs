using System.Text;
using System.Text.Json;
using Overture.Providers.Outbound;

namespace Overture.Providers.Tests;

public class ProviderParseTests
{
    /// <summary>Which reader each recorded file belongs to, by the beginning of its name.</summary>
    static readonly (string Folder, string Prefix, string Call)[] Calls =
    [
        ("hunter", "domain-search", "domain-search"), ("hunter", "legacy-doc-domain-search", "domain-search"),
        ("hunter", "email-finder", "email-finder"), ("hunter", "email-verifier", "email-verifier"),
        ("hunter", "legacy-doc-email-verifier", "email-verifier"),
        ("hunter", "legacy-doc-email-count", "email-count"),
        ("hunter", "legacy-doc-account-info", "account"), ("hunter", "errors", "email-finder"),
        ("apollo", "search-people", "people_search"),
        ("apollo", "official-people-api-search", "people_search"),
        ("apollo", "organization-search", "organization_search"),
        ("apollo", "official-organization-search", "organization_search"),
        ("apollo", "enrich-organization", "organizations/enrich"),
        ("apollo", "official-organizations-enrich", "organizations/enrich"),
        ("apollo", "official-organizations-bulk-enrich", "organizations/bulk_enrich"),
        ("apollo", "enrich-person", "people/match"), ("apollo", "official-people-match", "people/match"),
        ("apollo", "official-people-bulk-match", "people/bulk_match"),
        ("apollo", "contacts", "contacts/search"),
        ("apollo", "list-contacts", "contacts/search"),
        ("apollo", "official-contacts-search", "contacts/search"),
        ("apollo", "create-contact", "contact"), ("apollo", "update-contact", "contact"),
        ("apollo", "sequences", "sequences"),
        ("pdl", "person-enrich", "person/enrich"), ("pdl", "person-bulk", "person/bulk"),
        ("pdl", "company-enrich", "company/enrich"), ("pdl", "error", "person/enrich"),
        ("clearbit", "companies-find", "companies/find"), ("clearbit", "autocomplete", "suggest"),
        ("clearbit", "lookup", "person_find"), ("clearbit", "errors", "company_find"),
        ("explorium", "businesses-match", "businesses/match"),
        ("explorium", "businesses-fetch", "businesses"),
        ("explorium", "businesses-firmographics", "firmographics"), ("explorium", "prospects-match", "match"),
        ("explorium", "prospects-fetch", "prospects"), ("explorium", "autocomplete", "autocomplete"),
        ("explorium", "error", "prospects"), ("crunchbase", "autocomplete", "autocompletes"),
        ("crunchbase", "entity-organization", "organization"),
        ("crunchbase", "search-organizations", "search_organizations"),
        ("crunchbase", "errors", "organization"), ("dataforseo", "serp", "serp"),
        ("dataforseo", "on-page-summary", "on_page_summary"), ("dataforseo", "on-page-task", "on_page_task"),
        ("dataforseo", "errors", "serp"), ("hubspot", "list-contacts", "contacts"),
        ("hubspot", "search__contacts", "contacts"),
        ("hubspot", "read-via-search__contacts-response", "contacts"),
        ("hubspot", "read__objects-api__contacts-response", "contacts"),
        ("hubspot", "get-contact", "contact"),
        ("hubspot", "create-contact", "contact"), ("hubspot", "search-companies", "companies"),
        ("hubspot", "create-company", "company"), ("hubspot", "batch", "batch"),
        ("hubspot", "owners", "owners"),
        ("hubspot", "rate-limit", "contacts"), ("lemlist", "campaigns", "campaigns"),
        ("lemlist", "leads", "leads"),
        ("lemlist", "lead-create", "lead"), ("lemlist", "activities", "activities"),
        ("lemlist", "activity", "activity"),
        ("lemlist", "webhook", "webhook"), ("lemlist", "unsub", "unsubscribes"),
        ("lemlist", "errors", "leads"),
        ("lemlist", "rate-limited", "leads"),
    ];

    public static TheoryData<string, string, string> Payloads()
    {
        var data = new TheoryData<string, string, string>();
        if (Overture.Testing.SharedData.PathOf("providers") is { } root)
        {
            foreach (var (folder, prefix, call) in Calls)
            {
                foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), prefix + "*.json"))
                    data.Add(folder, Path.GetFileName(file), call);
            }
        }

        if (data.Count == 0) data.Add("hunter", "absent", "absent");
        return data;
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Every_payload_is_mapped(string folder, string file, string call)
    {
        var bytes = File.ReadAllBytes(TestOutbound.Data($"providers/{folder}/{file}"));

        var result = ProviderParse.Read(folder, call, bytes);

        var json = ProviderParse.ToJson(result);
        using var document = JsonDocument.Parse(json);
        Assert.DoesNotContain("\"malformed\"", json, StringComparison.Ordinal);
        Assert.True(json.Length > 20, $"{file} reads to {json}");
    }

    [Fact]
    public void Filings_and_indexes_are_read_by_name()
    {
        var filing = ProviderParse.Read("sec-edgar", "form-d", File.ReadAllBytes(
            TestOutbound.Data("providers/sec-edgar/form-d/0001781814-notion-labs.primary_doc.xml")));
        var index = ProviderParse.Read("edgar", "daily_index", File.ReadAllBytes(
            TestOutbound.Data("providers/sec-edgar/index/form.20200318.idx")));

        Assert.Contains("\"name\": \"Notion Labs, Inc.\"", ProviderParse.ToJson(filing),
            StringComparison.Ordinal);
        Assert.Contains("\"filed_on\": \"2020-03-18\"", ProviderParse.ToJson(index),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_names_are_answered_with_the_known_ones()
    {
        var provider = Assert.Throws<ArgumentException>(() => ProviderParse.Read("hunted", "x", []));
        var call = Assert.Throws<ArgumentException>(() => ProviderParse.Read("Hunter.io", "x", []));

        Assert.All(ProviderParse.Known, known =>
            Assert.Contains(known.Provider, provider.Message, StringComparison.Ordinal));
        Assert.Contains("email_verifier", call.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Error_recordings_become_failures_and_lists_stay_lists()
    {
        var one = ProviderParse.Read("hunter", "account",
            Encoding.UTF8.GetBytes("""{"status":429,"body":{"errors":[{"details":"Enough."}]}}"""));
        var many = ProviderParse.Read("hunter", "account",
            Encoding.UTF8.GetBytes("""[{"status":401,"body":{}},{"status":200,"body":"no"}]"""));

        Assert.Equal((FailureKind.QuotaExhausted, "Enough."),
            (((ProviderFailure)one!).Kind, ((ProviderFailure)one).Said));
        Assert.Equal([FailureKind.Unauthorised, FailureKind.Malformed],
            ((object[])many!).Cast<ProviderFailure>().Select(f => f.Kind));
    }

    [Fact]
    public void No_reader_falls_over_mutilated_answers()
    {
        string[] bodies =
        [
            "{}", "[]", "null", "7", "\"text\"", "{\"data\":[]}", "{\"data\":{}}", "{\"data\":7}",
            "{\"results\":[7,null,[]]}",
            "{\"people\":\"x\",\"organizations\":3,\"person\":[],"
            + "\"organization\":\"\",\"matches\":[[]],\"entities\":[1]}",
            "{\"tasks\":[{\"result\":[{\"items\":["
            + "null,{\"type\":\"organic\",\"url\":5}]}]}],\"status_code\":\"20000\"}",
            "{\"data\":{\"emails\":[{\"value\":[],\"sources\":{\"uri\":1}},null],"
            + "\"email\":\"\\ud800@x.example\",\"requests\":[1]}}",
            "{\"hits\":{\"total\":\"many\",\"hits\":[{\"_id\":5,\"_source\":[]}]}}",
            "<html></html>", "", "{\"a\":", "\u0000\u0000",
        ];
        foreach (var (provider, calls) in ProviderParse.Known)
        {
            foreach (var call in calls)
            {
                foreach (var body in bodies)
                {
                    try
                    {
                        ProviderParse.ToJson(
                            ProviderParse.Read(provider, call, Encoding.UTF8.GetBytes(body)));
                    }
                    catch (MalformedAnswerException malformed)
                    {
                        Assert.NotEmpty(malformed.Message);
                    }
                }
            }
        }
    }
}
