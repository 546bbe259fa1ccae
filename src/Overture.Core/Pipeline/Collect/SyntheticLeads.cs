using Overture.Core.Model;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Pipeline;

/// <summary>Checks over a generated set: what was promised of it, and whether it holds.</summary>
public sealed record SyntheticSummary(
    int Count, int Industries, int DistinctAddresses, int InvalidAddresses, int ReservedDomains,
    IReadOnlyDictionary<string, int> ByIndustry)
{
    public bool IsValid => InvalidAddresses == 0 && DistinctAddresses == Count && ReservedDomains == Count;
}

/// <summary>
/// Makes people and companies for demos and load. The same seed gives the same people, and every address and
/// link is on a reserved domain, so that nothing can reach anybody.
/// </summary>
public static class SyntheticLeads
{
    public const string Source = "synthetic";
    public const int MaxCount = 100_000;
    const int PeoplePerCompany = 3;

    static readonly Parts Material = Read();

    public static IReadOnlyList<CollectedLead> Generate(int count, int seed)
    {
        if (count is < 1 or > MaxCount)
            throw new RuleBroken("bad_count", $"Ask for 1 to {MaxCount:N0} synthetic leads.", "count");
        var random = new SeededChoice(seed);
        var leads = new List<CollectedLead>(count);
        Company? company = null;
        for (var index = 0; index < count; index++)
        {
            var industry = Material.Industries[index / PeoplePerCompany % Material.Industries.Count];
            if (index % PeoplePerCompany == 0)
                company = MakeCompany(industry, index / PeoplePerCompany, random);
            leads.Add(MakePerson(industry, company!, index, seed, random));
        }

        return leads;
    }

    public static SyntheticSummary Summarise(IReadOnlyList<CollectedLead> leads)
    {
        var addresses = leads.Select(lead => lead.Contact!.Email!).ToList();
        return new SyntheticSummary(
            leads.Count,
            leads.Select(lead => lead.Company!.Industry).Distinct().Count(),
            addresses.Distinct().Count(),
            addresses.Count(address => !Overture.Mail.EmailAddress.TryParse(address, out _, out _)),
            addresses.Count(address => address.EndsWith(".example", StringComparison.Ordinal)),
            leads.GroupBy(lead => lead.Company!.Industry!)
                .ToDictionary(group => group.Key, group => group.Count()));
    }

    static Company MakeCompany(IndustryParts industry, int number, SeededChoice random)
    {
        var name = $"{random.From(industry.Companies)} {random.From(industry.Suffixes)} {number + 1}";
        var domain = $"{name.ToLowerInvariant().Replace(' ', '-')}.example";
        var place = random.From(Material.Places);
        var raised = random.Below(3) == 0 ? random.Between(1, 60) * 500_000m : (decimal?)null;
        return new Company
        {
            Name = name, Domain = domain, Website = $"https://{domain}", Industry = industry.Name,
            Description = $"{name} {industry.About}.", Country = place.Country, Region = place.Region,
            City = place.City, EmployeeCount = random.Between(4, 900),
            FoundedYear = random.Between(1985, 2024), RaisedUsd = raised,
            RaisedOn = raised is null
                ? null : new DateOnly(2026, random.Between(1, 9), random.Between(1, 28)),
        };
    }

    static CollectedLead MakePerson(
        IndustryParts industry, Company company, int index, int seed, SeededChoice random)
    {
        var first = random.From(Material.FirstNames);
        var last = random.From(Material.LastNames);
        var handle = $"{first}-{last}-{seed}-{index + 1}".ToLowerInvariant();
        return new CollectedLead
        {
            Source = Source,
            Detail = $"seed {seed}, number {index + 1}",
            Company = company,
            Contact = new Contact
            {
                FullName = $"{first} {last}", FirstName = first, LastName = last,
                Title = random.From(industry.Titles),
                Email = $"{first}.{last}.{index + 1}@{company.Domain}".ToLowerInvariant(),
                LinkedInUrl = $"https://linkedin.example/in/{handle}", City = company.City,
                Region = company.Region, Country = company.Country,
                TimeZone = Material.Places.Find(place => place.City == company.City)!.TimeZone,
            },
        };
    }

    static Parts Read()
    {
        using var stream = typeof(SyntheticLeads).Assembly.GetManifestResourceStream("synthetic.yaml")
            ?? throw new InvalidOperationException("The resource synthetic.yaml is not part of this build.");
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build()
            .Deserialize<Parts>(reader);
    }

    /// <summary>
    /// SplitMix64: small, and the same on every platform and version, which System.Random does not promise.
    /// </summary>
    sealed class SeededChoice(int seed)
    {
        ulong state = (ulong)seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019;

        public T From<T>(List<T> items) => items[Below(items.Count)];

        public int Between(int low, int high) => low + Below(high - low + 1);

        public int Below(int limit)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
        }
    }

    sealed record Parts
    {
        public required List<string> FirstNames { get; init; }
        public required List<string> LastNames { get; init; }
        public required List<PlaceParts> Places { get; init; }
        public required List<IndustryParts> Industries { get; init; }
    }

    sealed record PlaceParts
    {
        public required string City { get; init; }
        public required string Region { get; init; }
        public required string Country { get; init; }
        public required string TimeZone { get; init; }
    }

    sealed record IndustryParts
    {
        public required string Name { get; init; }
        public required List<string> Companies { get; init; }
        public required List<string> Suffixes { get; init; }
        public required List<string> Titles { get; init; }
        public required string About { get; init; }
    }
}
