using System.Text.Json;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>
/// What can be said of a lead without asking anybody: company size from its signals, the persona from the
/// title, pain points and buying triggers from the industry. Every answer carries how sure it is.
/// </summary>
public static class OfflineRules
{
    public const string Provider = "offline_rules";

    const float Stated = 0.95f;
    const float Inferred = 0.7f;
    const float Guessed = 0.4f;

    /// <summary>Raised money, US dollars, and the size of company that usually follows.</summary>
    static readonly (decimal FromUsd, string Size)[] SizeByMoney =
        [(50_000_000, "201-1000"), (10_000_000, "51-200"), (1_000_000, "11-50"), (1, "1-10")];

    static readonly (int From, string Size)[] SizeByCount =
        [(1001, "1001+"), (201, "201-1000"), (51, "51-200"), (11, "11-50"), (0, "1-10")];

    public static (IReadOnlyList<Fact> Contact, IReadOnlyList<Fact> Company) Learn(
        Contact contact, Company? company, DateTime now)
    {
        var (page, byIndustry) = Playbook.BuiltIn.For(company?.Industry, company?.Description);
        var sure = byIndustry ? Inferred : Guessed;
        var persona = Persona(contact.Title);
        List<Fact> ofContact = [Say("persona", persona.Name, persona.Confidence, now)];
        List<Fact> ofCompany = [];
        if (company is null) return (ofContact, ofCompany);

        ofContact.Add(Say("pain_points", page.PainPoints, sure, now));
        ofCompany.Add(Say("industry_group", page.Name, sure, now));
        ofCompany.Add(Say("buying_triggers", page.BuyingTriggers, sure, now));
        if (Size(company) is { } size) ofCompany.Add(Say("company_size", size.Range, size.Confidence, now));
        return (ofContact, ofCompany);
    }

    static (string Name, float Confidence) Persona(string? title)
    {
        var parsed = JobTitle.Parse(title);
        if (parsed.Level == Seniority.Unknown) return ("unknown", Guessed);
        var level = JobTitle.NameOf(parsed.Level);
        return parsed.Departments.Count > 0
            ? ($"{level}, {parsed.Departments[0]}", Inferred)
            : (level, Inferred);
    }

    static (string Range, float Confidence)? Size(Company company)
    {
        if (company.EmployeeCount is { } count)
            return (SizeByCount.First(step => count >= step.From).Size, Stated);
        if (company.RaisedUsd is { } raised && raised > 0)
            return (SizeByMoney.First(step => raised >= step.FromUsd || step.FromUsd == 1).Size, Guessed);
        return null;
    }

    static Fact Say(string field, object value, float confidence, DateTime now) =>
        new(field, JsonSerializer.Serialize(value), Provider, confidence, now);
}
