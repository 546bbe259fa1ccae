using Overture.Core.Model;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>What the waterfall learned of one lead, as it goes on.</summary>
public sealed class Learned(Contact contact, Company? company, IReadOnlyList<Fact> known, DateTime now)
{
    static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(10);
    static readonly TimeSpan AfterBusy = TimeSpan.FromMinutes(1);
    static readonly TimeSpan AfterRefusal = TimeSpan.FromDays(1);
    static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(5);

    public DateTime Now => now;

    /// <summary>With its blanks filled by what is believed so far.</summary>
    public Contact Contact { get; private set; } = contact;

    public Company? Company { get; private set; } = company;

    public List<Fact> ContactFacts { get; } = [];

    public List<Fact> CompanyFacts { get; } = [];

    /// <summary>What the timeline tells, in words.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Who said that the person objected; null when nobody did.</summary>
    public string? BlockedBy { get; private set; }

    /// <summary>An address that a verifier says does not exist.</summary>
    public string? InvalidAddress { get; set; }

    public DateTime? AskAgainAt { get; private set; }

    public string? AskAgainReason { get; private set; }

    /// <summary>Somebody else is asking the same for this lead right now.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Everything known and learned, for the rule that chooses.</summary>
    public IEnumerable<Fact> AllFacts => known.Where(fact => !IsReplaced(fact))
        .Concat(ContactFacts).Concat(CompanyFacts);

    public void Add(IEnumerable<Fact> ofContact, IEnumerable<Fact> ofCompany)
    {
        ContactFacts.AddRange(ofContact);
        CompanyFacts.AddRange(ofCompany);
        var believed = FactChoice.Believed(AllFacts, now);
        Contact = ProviderFacts.Fill(Contact, believed);
        if (Company is not null) Company = ProviderFacts.Fill(Company, believed);
    }

    public void Reach(string email) => Contact = Contact with { Email = email };

    /// <summary>Notes why a reply brought nothing; true when it brought something.</summary>
    public bool Take<T>(string provider, Reply<T> reply)
    {
        switch (reply.Kind)
        {
            case ReplyKind.Found:
                return true;
            case ReplyKind.Blocked:
                BlockedBy = provider;
                break;
            case ReplyKind.Lost:
                Notes.Add($"{Title(provider)}: the answer was lost; not asked again, as it may have been paid");
                break;
            case ReplyKind.Busy:
                IsBusy = true;
                Later(now + AfterBusy, "somebody else is asking the same");
                break;
            case ReplyKind.Unavailable:
                Later(AgainAt(reply.Failure!), reply.Failure!.Sentence);
                Notes.Add($"{Title(provider)} could not be asked: {reply.Failure!.Sentence}");
                break;
        }

        return false;
    }

    DateTime AgainAt(ProviderFailure failure) => failure.Kind switch
    {
        // Budgets are of UTC days.
        FailureKind.BudgetSpent => now.Date.AddDays(1) + AfterMidnight,
        FailureKind.QuotaExhausted or FailureKind.Unauthorised or FailureKind.Forbidden
            or FailureKind.NotConfigured or FailureKind.UnsafeAddress or FailureKind.Untrusted =>
                now + AfterRefusal,
        _ => now + (failure.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait : AfterTrouble),
    };

    void Later(DateTime at, string reason)
    {
        if (AskAgainAt is { } earlier && earlier <= at) return;
        (AskAgainAt, AskAgainReason) = (at, reason);
    }

    bool IsReplaced(Fact fact) => ContactFacts.Concat(CompanyFacts)
        .Any(newer => newer.Field == fact.Field && newer.Provider == fact.Provider);

    static string Title(string provider) => ProviderKind.Find(provider)?.Title ?? provider;
}
