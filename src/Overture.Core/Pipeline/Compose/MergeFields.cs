using System.Text.Json;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The merge fields a template may name, and their values for one lead. An absent key has no value.
/// </summary>
public static class MergeFields
{
    /// <summary>
    /// Every field there is, with what it holds: the list that error messages and the editor show.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = new Dictionary<string, string>
    {
        ["first_name"] = "the person's first name",
        ["last_name"] = "the person's last name",
        ["full_name"] = "the person's whole name",
        ["title"] = "the person's job title",
        ["company"] = "the company's name, without its legal form",
        ["industry"] = "the company's industry",
        ["city"] = "where the person or the company is",
        ["country"] = "the country of the person or the company",
        ["raised"] = "money raised, for example $2.0 M",
        ["persona"] = "level and department, by enrichment",
        ["pain_point"] = "the first of the likely pain points",
        ["buying_trigger"] = "the first of the likely buying triggers",
        ["sender_name"] = "the name of the sending mailbox",
        ["booking_link"] = "the mailbox's booking link",
    };

    public static Dictionary<string, object> For(
        Contact contact, Company? company, IReadOnlyList<Fact> facts, Mailbox? mailbox)
    {
        var values = new Dictionary<string, object>();
        Put("first_name", contact.FirstName ?? FirstWord(contact.FullName));
        Put("last_name", contact.LastName);
        Put("full_name", contact.FullName);
        Put("title", contact.Title);
        Put("company", company is null ? null : WithoutLegalForm(company.Name));
        Put("industry", company?.Industry);
        Put("city", contact.City ?? company?.City);
        Put("country", contact.Country ?? company?.Country);
        Put("raised", company?.RaisedUsd is { } raised && raised > 0 ? Dollars(raised) : null);
        Put("persona", FirstOf(facts, "persona"));
        Put("pain_point", FirstOf(facts, "pain_points"));
        Put("buying_trigger", FirstOf(facts, "buying_triggers"));
        Put("sender_name", mailbox?.FromName);
        Put("booking_link", mailbox?.BookingLink);
        return values;

        void Put(string name, string? value)
        {
            // Outside text stays on its line: a name cannot start a header or a new paragraph.
            if (!string.IsNullOrWhiteSpace(value)) values[name] = OneLine(value);
        }
    }

    static string OneLine(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static string? FirstWord(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 ? words[0] : null;
    }

    static string WithoutLegalForm(string name)
    {
        var comma = name.LastIndexOf(", ", StringComparison.Ordinal);
        var cut = comma > 0 ? comma : name.LastIndexOf(' ');
        if (cut <= 0) return name;
        var rest = name[..cut].TrimEnd();
        return CompanyName.ForMatching(name) == CompanyName.ForMatching(rest) ? rest : name;
    }

    static string? FirstOf(IReadOnlyList<Fact> facts, string field)
    {
        var best = facts.Where(fact => fact.Field == field).MaxBy(fact => fact.Confidence);
        if (best is null) return null;
        using var value = JsonDocument.Parse(best.Value);
        return value.RootElement.ValueKind switch
        {
            JsonValueKind.String => value.RootElement.GetString(),
            JsonValueKind.Array when value.RootElement.GetArrayLength() > 0 =>
                value.RootElement[0].ToString(),
            _ => null,
        };
    }

    static string Dollars(decimal amount) => amount switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"${amount / 1_000_000_000:0.0} B"),
        >= 1_000_000 => FormattableString.Invariant($"${amount / 1_000_000:0.0} M"),
        >= 1_000 => FormattableString.Invariant($"${amount / 1_000:0} K"),
        _ => FormattableString.Invariant($"${amount:0}"),
    };
}
