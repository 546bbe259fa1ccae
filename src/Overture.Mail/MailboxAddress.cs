namespace Overture.Mail;

/// <summary>An address as a header names it (RFC 5322 section 3.4).</summary>
/// <param name="Name">
/// The decoded display name, or the comment behind a bare address; null when there is none.
/// </param>
/// <param name="Address">
/// The address without brackets, comments and white space. Not proven to be valid.
/// </param>
public sealed record MailboxAddress(string? Name, string Address)
{
    /// <summary>
    /// Reads the value of From, To, Cc and their like: lists, groups (their members are listed), comments,
    /// quoted
    /// names, encoded words, routes and the malformed. Never throws. A lone word is taken for a local address
    /// (`MAILER-DAEMON`); several words without an address give a name with an empty address.
    /// </summary>
    /// <param name="fieldValue">The unfolded value with its encoded words untouched.</param>
    public static IReadOnlyList<MailboxAddress> ParseList(string? fieldValue) =>
        string.IsNullOrWhiteSpace(fieldValue) ? [] : new AddressScan(fieldValue).All();

    /// <summary>Name and address as a person reads them; not for use in a header.</summary>
    public override string ToString() => Name is null ? Address : $"{Name} <{Address}>";
}
