using System.Text.Json;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Apollo as it answers: a search masks names; a match, for a credit, reveals them.</summary>
static class MaskedPeople
{
    const string Match = "/people/match";

    public static RecordedAnswer? Answer(SeenRequest request, int everybody)
    {
        if (request.Path.EndsWith(Match, StringComparison.Ordinal)) return Reveal(IdOf(request));
        if (!request.Path.EndsWith("/mixed_people/api_search", StringComparison.Ordinal)) return null;
        var asked = JsonDocument.Parse(request.Body).RootElement;
        var (page, size) = (asked.GetProperty("page").GetInt32(), asked.GetProperty("per_page").GetInt32());
        var people = Enumerable.Range((page - 1) * size, size).Where(number => number < everybody)
            .Select(number => new
        {
            id = "p" + number, first_name = "Ann" + number, last_name_obfuscated = "Wh***e",
            title = number % 2 == 0 ? "CTO" : "Office Clerk",
            organization = new { name = "Client " + number, primary_domain = $"client{number}.example" },
        });
        return RecordedAnswer.Json(JsonSerializer.Serialize(new { total_entries = everybody, people }));
    }

    /// <summary>Who was revealed, in order, as often as it was paid.</summary>
    public static IReadOnlyList<string> Revealed(ProviderServer server) =>
    [
        .. server.Requests.Where(request => request.Path.EndsWith(Match, StringComparison.Ordinal))
            .Select(IdOf),
    ];

    static string IdOf(SeenRequest request) =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetString()!;

    static RecordedAnswer Reveal(string id) => RecordedAnswer.Json(JsonSerializer.Serialize(new
    {
        person = new
        {
            id, first_name = "Ann" + id, last_name = "Whole", name = $"Ann{id} Whole", title = "CTO",
            email = $"ann{id}@client.example", email_status = "verified",
        },
    }));
}
