using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The companies that an import has met, by their domains: a list names the same ones again and again, and
/// each batch asks only whether they still stand as they did.
/// </summary>
sealed class CompanyMemory
{
    const int MostRemembered = 30_000;

    readonly Dictionary<string, Company> byDomain = new(StringComparer.Ordinal);
    readonly Dictionary<long, Company> said = [];
    readonly AddedIds own = new();

    /// <summary>Those of these domains that are remembered, and that nobody has changed since.</summary>
    public async Task<IReadOnlyDictionary<string, Company>> Standing(
        Session session, IEnumerable<string> domains, CancellationToken cancel)
    {
        var asked = new Dictionary<string, Company>(StringComparer.Ordinal);
        foreach (var domain in domains)
            if (byDomain.TryGetValue(domain, out var company)) asked[domain] = company;
        if (asked.Count == 0) return asked;
        var standing = (await ImportCompanyStore.LastChanges(
            session, [.. asked.Values.Select(company => company.Id)], cancel)).ToHashSet();
        foreach (var (domain, company) in asked)
            if (!standing.Contains((company.Id, company.UpdatedAt))) asked.Remove(domain);
        return asked;
    }

    public void Remember(IEnumerable<(Company Company, Company? Said)> companies)
    {
        foreach (var (company, words) in companies)
        {
            if (company.Domain is not { } domain) continue;
            if (byDomain.Count >= MostRemembered) Forget();
            byDomain[domain] = company;
            if (words is not null) said[company.Id] = words;
        }
    }

    /// <summary>What was written and taken back must not be remembered.</summary>
    public void Forget()
    {
        byDomain.Clear();
        said.Clear();
    }

    /// <summary>What was kept of the words of earlier batches.</summary>
    public Company? SaidOf(long id) => said.GetValueOrDefault(id);

    public void Own(IReadOnlyList<long> ids) => own.Add(ids);

    public bool IsOwn(long id) => own.Contains(id);
}
