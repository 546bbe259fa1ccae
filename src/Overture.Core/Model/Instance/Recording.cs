using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Whether what is sent can be written down. A sender whose attempts the database refuses for want of room,
/// or because nothing may be written, says so here, and takes it back when they are written again.
/// </summary>
public sealed class Recording(Database database, TimeProvider time, ILogger<Recording> log)
{
    static readonly TimeSpan FailsAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>What another node said before it died is taken back as well.</summary>
    static readonly TimeSpan WorksAgainAfter = TimeSpan.FromMinutes(1);

    readonly Lock said = new();
    DateTime next;
    bool isFailing;

    /// <summary>Something could not be written; told only where the database itself is at fault.</summary>
    public Task Fails(Exception why)
    {
        if (why is not PostgresException refused || !IsOfTheServer(refused)) return Task.CompletedTask;
        var now = time.GetUtcNow().UtcDateTime;
        return IsTurn(true, now, FailsAgainAfter)
            ? Say(session => InstanceStore.SetUnrecorded(
                session, refused.MessageText, now, CancellationToken.None))
            : Task.CompletedTask;
    }

    /// <summary>Something was written.</summary>
    public Task Works() => IsTurn(false, time.GetUtcNow().UtcDateTime, WorksAgainAfter)
        ? Say(session => InstanceStore.SetRecorded(session, CancellationToken.None)) : Task.CompletedTask;

    /// <summary>
    /// No room on its disk or in its memory (class 53), a fault of its disk (58), its own (XX), or a server
    /// that only reads (25006). A row that it refuses says nothing about the others.
    /// </summary>
    static bool IsOfTheServer(PostgresException refused) =>
        refused.SqlState is ['5', '3' or '8', ..] or ['X', 'X', ..]
            or PostgresErrorCodes.ReadOnlySqlTransaction;

    /// <summary>Said once when it changes, and now and then while it stays so.</summary>
    bool IsTurn(bool fails, DateTime now, TimeSpan again)
    {
        lock (said)
        {
            if (fails == isFailing && now < next) return false;
            (isFailing, next) = (fails, now + again);
            return true;
        }
    }

    async Task Say(Func<Session, Task<int>> what)
    {
        try
        {
            await database.InInstance(what, CancellationToken.None);
        }
        catch (NpgsqlException away)
        {
            log.LogWarning("The instance cannot be written either: {Reason}", away.Message);
        }
    }
}
