namespace Overture.Server.Startup;

/// <summary>
/// What the process tells its caller when it ends; shown by <c>overture help exit-codes</c>.
/// </summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int Error = 1;
    public const int Cancelled = 2;
    public const int Usage = 3;
    public const int NeedsLogin = 4;
    public const int NotFound = 5;
    public const int Refused = 6;
    public const int Partial = 7;
    public const int RateLimited = 8;

    public static IReadOnlyList<(int Code, string Name, string Meaning)> All { get; } =
    [
        (Ok, "ok", "The command did what it was asked."),
        (Error, "error", "It failed; the message says why and what to do next."),
        (Cancelled, "cancelled", "Somebody cancelled it; what was done before stays done."),
        (Usage, "usage", "The arguments or the configuration are wrong; nothing was done."),
        (NeedsLogin, "needs_login", "Sign in first, or give a valid key."),
        (NotFound, "not_found", "The thing named does not exist in this workspace."),
        (Refused, "refused", "A rule of the product forbids it at this moment."),
        (Partial, "partial", "Part of the work succeeded; the output names the rest."),
        (RateLimited, "rate_limited", "Too many requests; wait and try again."),
    ];
}
