using Overture.Core.Model;
using Overture.Providers;

namespace Overture.Core.Pipeline;

/// <summary>
/// Asks one provider after the other, in the order the user set for each field set; the first good answer
/// wins and the rest is not asked. It touches the network only, nothing is stored of the lead here.
/// </summary>
public sealed class Waterfall(ProviderQuestions ask)
{
    /// <summary>A finder that is less sure than this has only guessed.</summary>
    const double SureEnough = 0.5;

    public async Task Run(
        Asker asker, IReadOnlyDictionary<string, IReadOnlyList<string>> order, Learned learned,
        CancellationToken cancel)
    {
        await Company(asker, order[FieldSet.Company], learned, cancel);
        if (learned.BlockedBy is null && learned.Contact.Email is null)
            await Address(asker, order, learned, cancel);
        else if (learned.BlockedBy is null)
            await CheckKnownAddress(asker, order[FieldSet.Verification], learned, cancel);
        if (learned.BlockedBy is null) await Person(asker, order[FieldSet.Person], learned, cancel);
    }

    /// <summary>All facts about the person; a finder that vouches for its address has checked it.</summary>
    internal static IReadOnlyList<Fact> FactsOf(PersonFacts person, string provider, DateTime at, long? rawId)
    {
        var facts = ProviderFacts.Of(person, provider, at, rawId);
        if (Best(person) is not { } email) return facts;
        facts.Add(ProviderFacts.Email(email, provider, at, rawId));
        if (email.State == Deliverability.Valid)
            facts.Add(ProviderFacts.Check(
                new AddressCheck(email.Address, ProviderFacts.Word(email.State), null), provider,
                (float)Math.Clamp(email.Confidence ?? 1, 0, 1), at, rawId));
        return facts;
    }

    async Task Company(
        Asker asker, IReadOnlyList<string> providers, Learned learned, CancellationToken cancel)
    {
        foreach (var provider in providers)
        {
            if (learned.Company is not { } company || IsComplete(company) || learned.BlockedBy is not null) return;
            if (await ask.OfCompany(asker, provider, company, cancel) is not { } reply) continue;
            if (learned.Take(provider, reply))
                learned.Add([], ProviderFacts.Of(reply.Value!, provider, reply.At, reply.RawRecordId));
        }
    }

    async Task Person(
        Asker asker, IReadOnlyList<string> providers, Learned learned, CancellationToken cancel)
    {
        foreach (var provider in providers)
        {
            if (IsComplete(learned.Contact) || learned.BlockedBy is not null) return;
            var reply = await ask.OfPerson(asker, provider, learned.Contact, learned.Company, cancel);
            if (reply is not null && learned.Take(provider, reply)) Keep(provider, reply, learned);
        }
    }

    async Task Address(
        Asker asker, IReadOnlyDictionary<string, IReadOnlyList<string>> order, Learned learned,
        CancellationToken cancel)
    {
        foreach (var provider in order[FieldSet.Email])
        {
            if (learned.Contact.Email is not null || learned.BlockedBy is not null) return;
            var reply = await ask.OfAddress(asker, provider, learned.Contact, learned.Company, cancel);
            if (reply is null || !learned.Take(provider, reply)) continue;
            Keep(provider, reply, learned);
            if (Best(reply.Value!) is not { } email) continue;
            if (await IsGood(asker, order[FieldSet.Verification], email, learned, cancel))
                learned.Reach(email.Address);
        }
    }

    /// <summary>Whether an address found is worth having: checked by its finder, by a verifier, or likely.</summary>
    async Task<bool> IsGood(
        Asker asker, IReadOnlyList<string> verifiers, EmailFacts email, Learned learned,
        CancellationToken cancel)
    {
        if (email.State == Deliverability.Valid) return true;
        return await Check(asker, verifiers, email.Address, learned, cancel) switch
        {
            Deliverability.Valid or Deliverability.Risky => true,
            Deliverability.Invalid => false,
            _ => email.State != Deliverability.Invalid && (email.Confidence ?? 1) >= SureEnough,
        };
    }

    async Task CheckKnownAddress(
        Asker asker, IReadOnlyList<string> verifiers, Learned learned, CancellationToken cancel)
    {
        var email = learned.Contact.Email!;
        if (AddressCheck.Of(email, learned.AllFacts) is not null) return;
        if (await Check(asker, verifiers, email, learned, cancel) == Deliverability.Invalid)
            learned.InvalidAddress = email;
    }

    async Task<Deliverability?> Check(
        Asker asker, IReadOnlyList<string> verifiers, string email, Learned learned, CancellationToken cancel)
    {
        foreach (var verifier in verifiers)
        {
            if (await ask.Verify(asker, verifier, email, cancel) is not { } reply) continue;
            if (!learned.Take(verifier, reply)) continue;
            learned.Add([ProviderFacts.Check(reply.Value!, verifier, reply.At, reply.RawRecordId)], []);
            if (reply.Value!.State != Deliverability.Unknown) return reply.Value.State;
        }

        return null;
    }

    static void Keep(string provider, Reply<PersonFacts> reply, Learned learned) => learned.Add(
        FactsOf(reply.Value!, provider, reply.At, reply.RawRecordId),
        learned.Company is not null && reply.Value!.Company is { } company
            && IsSame(learned.Company, company)
            ? ProviderFacts.Of(company, provider, reply.At, reply.RawRecordId)
            : []);

    /// <summary>The first address for work that is not known to be dead; private ones are left alone.</summary>
    internal static EmailFacts? Best(PersonFacts person) => person.Emails.FirstOrDefault(
        email => email.State != Deliverability.Invalid && email.Kind is not ("personal" or "generic")
            && Mail.EmailAddress.TryParse(email.Address, out _, out _));

    // Somebody may have moved: what is said of another company is not said of this one.
    static bool IsSame(Company known, CompanyFacts said) =>
        known.Domain is not null && said.Domain is not null
            ? WebDomain.Of(said.Domain) == known.Domain
            : said.Name is not null && CompanyName.ForMatching(said.Name) == CompanyName.ForMatching(known.Name);

    static bool IsComplete(Company company) =>
        company is { Industry: not null, EmployeeCount: not null, Country: not null, Domain: not null };

    static bool IsComplete(Contact contact) => contact is { Title: not null, LinkedInUrl: not null };
}
