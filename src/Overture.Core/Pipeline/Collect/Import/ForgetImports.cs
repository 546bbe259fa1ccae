using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Forgets uploaded files, and with them what could undo an import, after thirty days.</summary>
public sealed class ForgetImports(Database database, TimeProvider time)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    const int AtOnce = 20;

    public async Task Run(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        while (await database.InInstance(
            session => ImportPartStore.Forget(session, now - KeptFor, now, AtOnce, cancel), cancel) > 0)
        {
            // One commit for each few files.
        }
    }
}
