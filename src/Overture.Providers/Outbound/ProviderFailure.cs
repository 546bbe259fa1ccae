using System.Globalization;
using System.Text;

namespace Overture.Providers.Outbound;

/// <summary>The closed set of things that can go wrong with a call to an outside service.</summary>
public enum FailureKind
{
    /// <summary>A key, login or address is missing in the settings; nothing was called.</summary>
    NotConfigured,
    /// <summary>The service does not accept the key.</summary>
    Unauthorised,
    /// <summary>
    /// The key is known, but may not do this (plan, scope, licence, undeclared User-Agent).
    /// </summary>
    Forbidden,
    /// <summary>
    /// Too fast; <see cref="ProviderFailure.RetryAfter"/> says how long to wait, when known.
    /// </summary>
    RateLimited,
    /// <summary>
    /// The credits or the allowance of the period are used up; retrying is useless until then.
    /// </summary>
    QuotaExhausted,
    /// <summary>The thing asked for does not exist; for several services the normal "no match".</summary>
    NotFound,
    /// <summary>The service refused the request as wrong.</summary>
    InvalidRequest,
    /// <summary>The person asked not to be processed (HTTP 451): suppress, never ask again.</summary>
    Blocked,
    /// <summary>The service accepted the question and is still working on the answer.</summary>
    Pending,
    /// <summary>A server error, a refused or broken connection.</summary>
    Unavailable,
    /// <summary>
    /// The answer is not what the contract promises: HTML, cut or wrong JSON, nothing at all.
    /// </summary>
    Malformed,
    /// <summary>The answer is larger than the named limit, also after unpacking.</summary>
    TooLarge,
    /// <summary>No complete answer in time.</summary>
    Timeout,
    /// <summary>The service failed several times in a row and is left in peace for a while.</summary>
    CircuitOpen,
    /// <summary>The daily budget set for this service is spent.</summary>
    BudgetSpent,
    /// <summary>The address, or a redirect, points into a private network.</summary>
    UnsafeAddress,
    /// <summary>The server's certificate is not trusted.</summary>
    Untrusted,
}

/// <summary>
/// Why a call gave no answer: facts to act on and a sentence with the remedy. It never carries a secret.
/// </summary>
/// <param name="Provider">The service's short name, as in the settings ("hunter").</param>
/// <param name="Kind">The class that decides what happens next.</param>
/// <param name="Said">What the service or the network said, shortened and cleaned; may be empty.</param>
public sealed record ProviderFailure(string Provider, FailureKind Kind, string Said)
{
    const int LongestSaidCharacters = 300;

    /// <summary>The HTTP code of the answer; null when there was none.</summary>
    public int? HttpCode { get; init; }

    /// <summary>How long the service wants to be left alone; null when unknown.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>No connection was made, so the service knows nothing of the call.</summary>
    public bool NeverArrived { get; init; }

    /// <summary>The service may have done, and billed, what was asked; nobody heard its answer.</summary>
    public bool IsFateUnknown => HttpCode is null && !NeverArrived
        && (Kind is FailureKind.Unavailable or FailureKind.Timeout or FailureKind.TooLarge);

    /// <summary>The address called; it holds no key.</summary>
    public Uri? Address { get; init; }

    /// <summary>The kind in snake case, for storage and APIs ("rate_limited").</summary>
    public string Code => SnakeCase(Kind.ToString());

    /// <summary>True when the same call may succeed later without anybody changing anything.</summary>
    public bool IsTemporary =>
        Kind is FailureKind.RateLimited or FailureKind.Unavailable or FailureKind.Timeout
        or FailureKind.CircuitOpen or FailureKind.Pending;

    /// <summary>What happened and what to do next, in one or two sentences.</summary>
    public string Sentence
    {
        get
        {
            var said = Said.Length == 0 ? "" : $" It said: {Said.TrimEnd('.')}.";
            var code = HttpCode is { } number
                ? $" (HTTP {number.ToString(CultureInfo.InvariantCulture)})"
                : "";
            return $"{Provider}{code} {What()}{said} {Remedy()}";
        }
    }

    /// <summary>
    /// Text of unknown origin made fit for a sentence: one line, no control characters, limited.
    /// </summary>
    public static string Clean(string? text, string? secret = null)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        if (!string.IsNullOrEmpty(secret)) text = text.Replace(secret, "***", StringComparison.Ordinal);
        var clean = new StringBuilder(LongestSaidCharacters);
        foreach (var c in text)
        {
            if (clean.Length == LongestSaidCharacters) return clean.Append('…').ToString();
            if (!char.IsControl(c) && !char.IsWhiteSpace(c)) clean.Append(c);
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }

        return clean.ToString().Trim();
    }

    string What() => Kind switch
    {
        FailureKind.NotConfigured => "is not set up.",
        FailureKind.Unauthorised => "does not accept the key.",
        FailureKind.Forbidden => "refuses this call.",
        FailureKind.RateLimited when RetryAfter is { } wait =>
            $"asks to wait {Spoken(wait)}: too many calls.",
        FailureKind.RateLimited => "asks to wait: too many calls.",
        FailureKind.QuotaExhausted => "has no credits left for this period.",
        FailureKind.NotFound => "does not know what was asked for.",
        FailureKind.InvalidRequest => "finds the request wrong.",
        FailureKind.Blocked => "may not process this person: they objected.",
        FailureKind.Pending => "is still working on the answer.",
        FailureKind.Unavailable => "cannot be reached or is failing.",
        FailureKind.Malformed => "sent an answer that cannot be read.",
        FailureKind.TooLarge => "sent an answer larger than the limit.",
        FailureKind.Timeout => "did not answer in time.",
        FailureKind.CircuitOpen when RetryAfter is { } rest =>
            $"failed repeatedly; no calls for {Spoken(rest)}.",
        FailureKind.CircuitOpen => "failed repeatedly and is left in peace for a while.",
        FailureKind.BudgetSpent => "would cost more than the daily budget allows.",
        FailureKind.UnsafeAddress => "points to an address that must not be called.",
        FailureKind.Untrusted => "shows a certificate that is not trusted.",
        _ => "failed.",
    };

    string Remedy() => Kind switch
    {
        FailureKind.NotConfigured => "Add the missing setting and try again.",
        FailureKind.Unauthorised => "Enter a valid key in the settings.",
        FailureKind.Forbidden => "Check the plan, the key's rights and the declared User-Agent.",
        FailureKind.RateLimited => "Calls go on by themselves afterwards; lower the pace if this repeats.",
        FailureKind.QuotaExhausted => "Wait for the next period or buy credits.",
        FailureKind.NotFound => "Nothing to do; another service may know it.",
        FailureKind.InvalidRequest => "Correct the named field.",
        FailureKind.Blocked => "The address is suppressed; do not ask again.",
        FailureKind.Pending => "Ask again in a few seconds.",
        FailureKind.Unavailable or FailureKind.Timeout => "It is tried again by itself.",
        FailureKind.Malformed => "The raw answer is kept; try again, and report it if it stays so.",
        FailureKind.TooLarge => "Ask for less at once.",
        FailureKind.CircuitOpen => "It is tried again by itself.",
        FailureKind.BudgetSpent => "Raise the daily budget, or wait until tomorrow (UTC).",
        FailureKind.UnsafeAddress => "Check the base address in the settings.",
        FailureKind.Untrusted => "Check the address, the clock and the system's certificates.",
        _ => "",
    };

    static string Spoken(TimeSpan span) => span < TimeSpan.FromMinutes(2)
        ? $"{Math.Max(1, Math.Ceiling(span.TotalSeconds)):0} s"
        : span < TimeSpan.FromHours(2) ? $"{Math.Ceiling(span.TotalMinutes):0} min"
        : $"{Math.Ceiling(span.TotalHours):0} h";

    static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
