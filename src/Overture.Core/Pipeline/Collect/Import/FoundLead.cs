using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>One row's person or company, with what they are matched by, and the line it stands on.</summary>
sealed record FoundLead(long Line, FoundCompany? Company, Contact? Contact, ContactKeys Keys)
{
    public static FoundLead Of(long line, FoundCompany? company, Contact? contact) =>
        new(line, company, contact, contact is null ? default : ContactKeys.Of(contact));
}

sealed record FoundCompany(Company Company, string MatchName);

/// <summary>What a person is matched by; found once, for it is not quickly found.</summary>
readonly record struct ContactKeys(string? Email, string? Profile, string Name)
{
    public static ContactKeys Of(Contact contact) => new(
        ContactKey.ForEmail(contact.Email), ContactKey.ForLinkedIn(contact.LinkedInUrl),
        ContactKey.Lower(contact.FullName));
}
