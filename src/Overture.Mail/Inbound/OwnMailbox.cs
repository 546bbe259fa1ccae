namespace Overture.Mail.Inbound;

/// <summary>What a mailbox calls its own.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Aliases">Further addresses it sends from or receives at.</param>
/// <param name="UnsubscribeHost">The host of our unsubscribe links; null when it has none.</param>
public sealed record OwnMailbox(string Address, IReadOnlyCollection<string> Aliases,
    string? UnsubscribeHost = null)
{
    /// <summary>True for the address or an alias, with or without a +tag (RFC 5233), in any case.</summary>
    public bool Owns(string address) =>
        IsSame(address, Address) || Aliases.Any(a => IsSame(address, a));

    /// <summary>
    /// The tag of one of our addresses, as in <c>ann+TAG@example.com</c>; null when the address is not
    /// ours or has none. A tag that is itself an address with '=' (VERP) is not one of our tokens.
    /// </summary>
    public string? TagOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var (plus, at) = (address.IndexOf('+'), address.LastIndexOf('@'));
        if (plus <= 0 || at <= plus + 1 || !Owns(address)) return null;
        var tag = address[(plus + 1)..at];
        return tag.Contains('=') ? null : tag;
    }

    static bool IsSame(string left, string right) =>
        string.Equals(WithoutTag(left), WithoutTag(right), StringComparison.OrdinalIgnoreCase);

    static string WithoutTag(string address)
    {
        var (plus, at) = (address.IndexOf('+'), address.LastIndexOf('@'));
        return plus > 0 && at > plus ? address[..plus] + address[at..] : address;
    }
}
