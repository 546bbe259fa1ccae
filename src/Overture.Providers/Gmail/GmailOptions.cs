using Overture.Providers.Outbound;

namespace Overture.Providers.Gmail;

/// <summary>Settings for Gmail's API, for one mailbox.</summary>
public sealed record GmailOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "gmail";

    /// <summary>The most bytes of one message (35 MB, before it is encoded).</summary>
    public const int LargestMessageBytes = 35 * 1024 * 1024;

    /// <summary>Above this a message is uploaded as it is instead of standing encoded inside JSON.</summary>
    internal const int LargestInlineBytes = 3 * 1024 * 1024;

    // Base64 of the largest message, and some fields around it.
    const int LargestAnswerBytes = LargestMessageBytes / 3 * 4 + 1024 * 1024;

    // What one call costs in Google's units, at most.
    const int SendUnits = 100;
    const int DraftUnits = 10;
    const int ReadUnits = 20;

    /// <summary>The API's address.</summary>
    public Uri BaseUrl { get; init; } = new("https://gmail.googleapis.com");

    /// <summary>
    /// Quota units per minute and mailbox: 6,000, or 15,000 for projects of before May 2026.
    /// </summary>
    public int UnitsPerMinute { get; init; } = 6000;

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
        new OptionProblems("Gmail").Url(nameof(BaseUrl), BaseUrl)
            .Range(nameof(UnitsPerMinute), UnitsPerMinute, DraftUnits + SendUnits, 1_000_000).All;

    internal ProviderProfile ReadProfile => new(Provider, [PerMinute(ReadUnits)])
    {
        Judge = GmailVerdict.Of,
        MaxBodyBytes = LargestAnswerBytes,
        AttemptTimeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>
    /// A draft is made to be sent: it waits for the room of both, in a lane of its own beside the reading.
    /// </summary>
    internal ProviderProfile DraftProfile => ReadProfile with
    {
        Name = Provider + ":drafts", Windows = [PerMinute(DraftUnits + SendUnits)],
    };

    /// <summary>
    /// Asked once and at once: between the decision to send and the sending nothing may be waited for.
    /// </summary>
    internal ProviderProfile SendProfile => ReadProfile with { Windows = [], MaxAttempts = 1 };

    RateWindow PerMinute(int units) => new(Math.Max(1, UnitsPerMinute / units), TimeSpan.FromMinutes(1));
}
