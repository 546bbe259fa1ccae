namespace Overture.Providers.Outbound;

/// <summary>Settings of the one way out.</summary>
public sealed record OutboundOptions
{
    /// <summary>Sent when a request names none.</summary>
    public string UserAgent { get; init; } = "Overture/0.1";

    /// <summary>
    /// Lets the configured addresses point to this machine, on any port and without TLS: for tests and for
    /// services running beside Overture. Redirects stay forbidden to go there.
    /// </summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Lets http:// be called, as the crawler needs; otherwise only https://.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>
    /// Caps the time of one attempt below what the services' profiles allow; null = no cap.
    /// </summary>
    public TimeSpan? LongestAttempt { get; init; }
}
