using System.Collections.Concurrent;

namespace Overture.Mail;

/// <summary>The limits of the pool.</summary>
public sealed record SmtpPoolOptions
{
    /// <summary>Connections to one host at the same time, all mailboxes together.</summary>
    public int ConnectionsPerHost { get; init; } = 10;

    /// <summary>How long an unused session is kept. Servers close after about five minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A session idle for longer than this is asked (NOOP or RSET) before it is given out.</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages after which a session is closed; servers dislike endless ones.</summary>
    public int RentalsPerSession { get; init; } = 1000;
}

/// <summary>
/// Keeps sessions for reuse: one set per mailbox (host, port, security, login), one limit per host. Safe for
/// many threads; a rented session belongs to one caller until the rental is disposed.
/// </summary>
public sealed class SmtpPool(SmtpPoolOptions options, TimeProvider time) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, SemaphoreSlim> hosts = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<SmtpPoolKey, ConcurrentStack<IdleSession>> idle = new();
    volatile bool isClosed;

    /// <summary>
    /// An idle session that still answers, or a new one; waits while the host is at its limit. The
    /// connection in the rental may hold a fault instead of a session.
    /// </summary>
    public async Task<SmtpRental> Rent(SmtpOptions server, CancellationToken cancellation)
    {
        var slot = hosts.GetOrAdd(server.Host, _ => new SemaphoreSlim(options.ConnectionsPerHost));
        await slot.WaitAsync(cancellation);
        try
        {
            await CloseStale();
            var key = SmtpPoolKey.Of(server);
            while (TryTake(key, out var kept))
            {
                if (await IsAlive(kept, cancellation))
                    return new SmtpRental(
                        this, server, new SmtpConnection(kept.Session, null), kept.RentalCount + 1);
                await kept.Session.DisposeAsync();
            }

            return new SmtpRental(this, server, await SmtpSession.Connect(server, cancellation), 1);
        }
        catch
        {
            slot.Release();
            throw;
        }
    }

    /// <summary>Sessions waiting for work.</summary>
    public int IdleCount => idle.Values.Sum(s => s.Count);

    /// <summary>
    /// Closes the sessions that have waited longer than <see cref="SmtpPoolOptions.IdleTimeout"/>.
    /// </summary>
    public async Task CloseStale()
    {
        var oldest = time.GetTimestamp();
        foreach (var (_, stack) in idle)
        {
            if (!stack.Any(s => IsStale(s, oldest))) continue;
            var all = new IdleSession[stack.Count];
            var count = stack.TryPopRange(all);
            foreach (var session in all.AsSpan(0, count).ToArray())
            {
                if (IsStale(session, oldest)) await session.Session.DisposeAsync();
                else stack.Push(session);
            }
        }
    }

    /// <summary>Says goodbye on all idle sessions; rented ones close when they are given back.</summary>
    public async ValueTask DisposeAsync()
    {
        isClosed = true;
        foreach (var (_, stack) in idle)
        {
            while (stack.TryPop(out var session)) await session.Session.DisposeAsync();
        }
    }

    internal async ValueTask Return(SmtpOptions server, SmtpSession? session, int rentalCount)
    {
        try
        {
            if (session is null) return;
            if (isClosed || !session.CanReuse || rentalCount >= options.RentalsPerSession)
            {
                await session.DisposeAsync();
                return;
            }

            idle.GetOrAdd(SmtpPoolKey.Of(server), _ => new ConcurrentStack<IdleSession>())
                .Push(new IdleSession(session, time.GetTimestamp(), rentalCount));
        }
        finally
        {
            hosts[server.Host].Release();
        }
    }

    bool TryTake(SmtpPoolKey key, out IdleSession session)
    {
        session = default;
        return idle.TryGetValue(key, out var stack) && stack.TryPop(out session);
    }

    bool IsStale(IdleSession session, long now) =>
        time.GetElapsedTime(session.Since, now) > options.IdleTimeout;

    async Task<bool> IsAlive(IdleSession kept, CancellationToken cancellation)
    {
        var waited = time.GetElapsedTime(kept.Since);
        if (waited > options.IdleTimeout) return false;
        return waited <= options.ProbeAfter ? kept.Session.IsQuiet : await kept.Session.Probe(cancellation);
    }

    readonly record struct IdleSession(SmtpSession Session, long Since, int RentalCount);
}

/// <summary>
/// Which sessions may stand in for each other: same server, protection, trust and login. Compared by content,
/// as callers build their options anew for every message; tokens change hourly and stand for their user.
/// </summary>
sealed record SmtpPoolKey(string Host, int Port, SmtpSecurity Security, string Trust, object? Login)
{
    public static SmtpPoolKey Of(SmtpOptions server) => new(
        server.Host.ToLowerInvariant(),
        server.Port,
        server.Security,
        string.Join(' ', server.TrustedAuthorities?.Select(a => a.Thumbprint) ?? ["system"]),
        server.Credentials is SmtpCredentials.WithToken token ? token.User : server.Credentials);
}

/// <summary>
/// A session on loan. Disposing gives it back for reuse, or closes it when it is out of step.
/// </summary>
public sealed class SmtpRental : IAsyncDisposable
{
    readonly SmtpPool pool;
    readonly SmtpOptions server;
    readonly int rentalCount;
    bool isReturned;

    internal SmtpRental(SmtpPool pool, SmtpOptions server, SmtpConnection connection, int rentalCount)
    {
        this.pool = pool;
        this.server = server;
        this.rentalCount = rentalCount;
        Connection = connection;
    }

    /// <summary>The session, or the fault that kept it from being made.</summary>
    public SmtpConnection Connection { get; }

    /// <summary>Gives the session back.</summary>
    public ValueTask DisposeAsync()
    {
        if (isReturned) return default;
        isReturned = true;
        return pool.Return(server, Connection.Session, rentalCount);
    }
}
