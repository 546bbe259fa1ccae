using System.Text.Json;
using System.Web;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// What the providers of a test know, answered in their own shapes over real HTTP. Every paid question is
/// counted where it is paid: here.
/// </summary>
sealed class KnownPeople : IAsyncDisposable
{
    readonly ProviderServer server;

    KnownPeople(ProviderServer server)
    {
        this.server = server;
        server.Responder = Answer;
    }

    public Uri Url => server.Url;

    public ProviderServer Server => server;

    /// <summary>First name to the address Hunter finds, or none.</summary>
    public Func<string, string?> HunterFinds { get; set; } = first =>
        $"{first.ToLowerInvariant()}@client.example";

    /// <summary>What Hunter says of an address it found; null leaves that to the verifier.</summary>
    public string? HunterIsSure { get; set; } = "valid";

    /// <summary>What Hunter's verifier says of an address.</summary>
    public Func<string, string> HunterChecks { get; set; } = _ => "valid";

    /// <summary>People who objected, by first name.</summary>
    public HashSet<string> Objected { get; } = [];

    public Func<string, string?> PdlFinds { get; set; } = first => $"{first.ToLowerInvariant()}@pdl.example";

    /// <summary>Every question that costs something, as it was asked, in order.</summary>
    public IReadOnlyList<string> Paid =>
        [.. server.Requests.Where(request => !request.Path.EndsWith("/account", StringComparison.Ordinal))
            .Select(request => request.Path + request.Query)];

    public static async Task<KnownPeople> Start() =>
        new(await ProviderServer.Start(Path.GetTempPath()));

    public int CountOf(string part) =>
        Paid.Count(question => question.Contains(part, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    RecordedAnswer? Answer(SeenRequest request)
    {
        var query = HttpUtility.ParseQueryString(request.Query);
        var first = query["first_name"] ?? "";
        return request.Path switch
        {
            "/hunter/v2/account" => Json(new { data = new { plan_name = "Test" } }),
            "/hunter/v2/email-finder" when Objected.Contains(first) => Json(
                new { errors = new[] { new { id = "claimed_email", code = 451, details = "objected" } } },
                451),
            "/hunter/v2/email-finder" => Json(new { data = Found(first, query["domain"]) }),
            "/hunter/v2/email-verifier" => Json(
                new { data = new { email = query["email"], status = HunterChecks(query["email"]!),
                    score = 90 } }),
            "/hunter/v2/companies/find" => Json(new
            {
                data = new
                {
                    name = "Client", domain = query["domain"], category = new { industry = "Software" },
                    metrics = new { employees = 120 }, geo = new { country = "Germany" },
                },
            }),
            "/hunter/v2/people/find" => Json(
                new { errors = new[] { new { id = "not_found", code = 404, details = "unknown" } } }, 404),
            "/people_data_labs/v5/person/enrich" => Person(first),
            "/people_data_labs/v5/company/enrich" => Json(new
            {
                id = "c1", name = "Client", website = query["website"], industry = "computer software",
                employee_count = 90, location = new { country = "germany" },
            }),
            "/people_data_labs/v5/autocomplete" => Json(new { data = Array.Empty<object>() }),
            _ => null,
        };
    }

    object Found(string first, string? domain) => new
    {
        first_name = first, last_name = "Number", email = HunterFinds(first), score = 90, domain,
        position = (string?)null, company = "Client",
        verification = new { status = HunterIsSure },
    };

    RecordedAnswer Person(string first) => PdlFinds(first) is not { } email
        ? Json(
            new { status = 404, error = new { type = "not_found", message = "No records were found" } }, 404)
        : Json(new
        {
            status = 200, likelihood = 9,
            data = new
            {
                id = "p-" + first, full_name = first + " Number", first_name = first, last_name = "Number",
                work_email = email, job_title = "chief technology officer",
                linkedin_url = "linkedin.com/in/" + first.ToLowerInvariant(), location_country = "germany",
                experience = new object[]
                {
                    new
                    {
                        title = new { name = "chief technology officer" }, company = new { name = "client" },
                        start_date = "2024-03", is_primary = true,
                    },
                    new
                    {
                        title = new { name = "engineer" }, company = new { name = "other" },
                        start_date = "2019", end_date = "2024-02-28",
                    },
                    new { title = new { name = "adviser" }, company = new { name = "club" } },
                },
            },
        });

    static RecordedAnswer Json(object body, int code = 200) =>
        RecordedAnswer.Json(JsonSerializer.Serialize(body), code);
}
