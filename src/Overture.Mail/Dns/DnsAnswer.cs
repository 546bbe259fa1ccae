using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Overture.Mail.Dns;

/// <summary>The record types that mail needs (RFC 1035 section 3.2.2, RFC 3596).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>Another name for a name.</summary>
    Cname = 5,

    /// <summary>The name of an address.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "PTR is the name of the record type.")]
    Ptr = 12,

    /// <summary>A mail exchanger.</summary>
    Mx = 15,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}

/// <summary>
/// How a look-up ended. Only the first three say something about the name; the others mean "unknown".
/// </summary>
public enum DnsOutcome
{
    /// <summary>Records were found.</summary>
    Records,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>The name exists, but has no record of the type (RFC 2308 section 2.2).</summary>
    NoSuchRecord,

    /// <summary>No resolver could answer (SERVFAIL, REFUSED, a broken reply, no network).</summary>
    ServerFailure,

    /// <summary>No resolver answered in time.</summary>
    TimeOut,
}

/// <summary>One record.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Value">
/// The text of a TXT record (its strings joined, one character per byte), the host of an MX, PTR or CNAME
/// record without final dot, or the address as text.
/// </param>
/// <param name="Preference">The preference of an MX record; 0 otherwise.</param>
/// <param name="TimeToLive">How long it may be kept.</param>
public sealed record DnsRecord(DnsType Type, string Value, int Preference = 0, TimeSpan TimeToLive = default)
{
    /// <summary>The address of an A or AAAA record; null otherwise.</summary>
    public IPAddress? Address =>
        Type is DnsType.A or DnsType.Aaaa && IPAddress.TryParse(Value, out var address) ? address : null;
}

/// <summary>The answer to one look-up: a value, never an exception.</summary>
/// <param name="Outcome">How the look-up ended.</param>
/// <param name="Records">The records of the type asked for; empty unless the outcome is Records.</param>
public sealed record DnsAnswer(DnsOutcome Outcome, IReadOnlyList<DnsRecord> Records)
{
    /// <summary>True when nothing is known, because the look-up failed.</summary>
    public bool IsUnknown => Outcome is DnsOutcome.ServerFailure or DnsOutcome.TimeOut;

    /// <summary>An answer without records.</summary>
    /// <param name="outcome">How the look-up ended.</param>
    public static DnsAnswer Empty(DnsOutcome outcome) => new(outcome, []);
}

/// <summary>Somewhere to look up records: the network (<see cref="DnsClient"/>) or a file.</summary>
public interface IDnsSource
{
    /// <summary>Looks up the records of one type at a name.</summary>
    /// <param name="name">The full name, in ASCII form, with or without a final dot.</param>
    /// <param name="type">The type wanted; aliases (CNAME) are followed.</param>
    /// <param name="cancel">Ends the look-up.</param>
    /// <returns>The answer; failures of the network are answers too.</returns>
    ValueTask<DnsAnswer> Ask(string name, DnsType type, CancellationToken cancel = default);
}
