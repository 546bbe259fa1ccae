namespace Overture.Core.Model;

/// <summary>One part of a lead's quality: its points of the most it can have, and why.</summary>
public sealed record QualityPart(string Name, int Points, int Most, string Why);

/// <summary>
/// How much is known of a lead, 0 to 100, with its parts. It says nothing about whether the lead is worth
/// writing to; that is its score.
/// </summary>
public sealed record LeadQuality(int Points, IReadOnlyList<QualityPart> Parts)
{
    const int MostAddress = 40, MostPerson = 20, MostCompany = 25, MostFreshness = 15;
    static readonly TimeSpan Fresh = TimeSpan.FromDays(90);
    static readonly TimeSpan Stale = TimeSpan.FromDays(365);

    public static LeadQuality Of(Contact contact, Company? company, IReadOnlyList<Fact> facts, DateTime now)
    {
        QualityPart[] parts =
        [
            Address(contact, facts), Person(contact), OfCompany(company), Freshness(facts, contact, now),
        ];
        return new LeadQuality(parts.Sum(part => part.Points), parts);
    }

    static QualityPart Address(Contact contact, IReadOnlyList<Fact> facts)
    {
        if (contact.Email is null) return new("Address", 0, MostAddress, "No address is known.");
        var (points, why) = AddressCheck.Of(contact.Email, facts)?.State switch
        {
            "valid" => (MostAddress, "The address was checked and exists."),
            "risky" => (25, "The domain accepts every address, so a check cannot tell."),
            "invalid" => (0, "The address was checked and does not exist."),
            _ => (20, "The address has not been checked."),
        };
        return new("Address", points, MostAddress, why);
    }

    static QualityPart Person(Contact contact) => Share(
        "Person", MostPerson,
        [
            (!string.IsNullOrWhiteSpace(contact.FirstName), 4, "first name"),
            (!string.IsNullOrWhiteSpace(contact.Title), 8, "title"),
            (!string.IsNullOrWhiteSpace(contact.LinkedInUrl), 4, "profile"),
            (!string.IsNullOrWhiteSpace(contact.Country ?? contact.Region ?? contact.City), 2, "place"),
            (!string.IsNullOrWhiteSpace(contact.Phone), 2, "telephone"),
        ]);

    static QualityPart OfCompany(Company? company) => company is null
        ? new("Company", 0, MostCompany, "No company is known.")
        : Share(
            "Company", MostCompany,
            [
                (company.Domain is not null, 9, "domain"),
                (!string.IsNullOrWhiteSpace(company.Industry), 6, "industry"),
                (company.EmployeeCount is not null, 5, "size"),
                (!string.IsNullOrWhiteSpace(company.Country), 3, "country"),
                (!string.IsNullOrWhiteSpace(company.Description), 2, "description"),
            ]);

    static QualityPart Freshness(IReadOnlyList<Fact> facts, Contact contact, DateTime now)
    {
        var newest = facts.Select(fact => fact.ObservedAt).Append(contact.UpdatedAt).Max();
        var age = now - newest;
        var (points, why) = age <= Fresh ? (MostFreshness, "Heard within the last 90 days.")
            : age <= Stale ? (8, "Heard within the last year.")
            : (0, "Nothing new for more than a year.");
        return new("Freshness", points, MostFreshness, why);
    }

    static QualityPart Share(string name, int most, (bool IsKnown, int Points, string What)[] wanted)
    {
        var missing = wanted.Where(one => !one.IsKnown).Select(one => one.What).ToList();
        return new(
            name, wanted.Where(one => one.IsKnown).Sum(one => one.Points), most,
            missing.Count == 0 ? "All of it is known." : $"Not known: {string.Join(", ", missing)}.");
    }
}
