using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Pipeline;

/// <summary>
/// The phases in their order. Each finds what is due by itself; running them one after the other only saves
/// the wait for the next tick.
/// </summary>
public sealed class Phases(
    EnrichLeads enrich, RankLeads rank, NightlyTraining training, EnrollAudience enroll,
    ComposeMessages compose, PlanApproved approved, SendDue send, SendRecovery recovery,
    VerifySends verify, ListenToMailboxes listen, SendAnswers answers, StartDueDiscoveries discoveries,
    Guardrails guardrails, CheckDomains domains, SearchIndex search, ForgetImports forgetImports,
    KeptAnswers kept, Database database)
{
    /// <summary>
    /// A tick ends after this many batches of one phase, so that no workspace starves another.
    /// </summary>
    const int MaxBatches = 50;

    public Task Enrich(int node, CancellationToken cancel) => InEveryWorkspace(
        (workspace, stop) => enrich.RunBatch(workspace, node, stop), cancel);

    public Task Rank(CancellationToken cancel) => InEveryWorkspace(rank.RunBatch, cancel);

    public Task Train(CancellationToken cancel) => training.Run(cancel);

    public Task Compose(CancellationToken cancel) => InEveryWorkspace(
        async (workspace, stop) =>
        await enroll.RunBatch(workspace, stop) + await compose.RunBatch(workspace, stop)
            + await approved.RunBatch(workspace, stop), cancel);

    public Task<int> Answer(int node, CancellationToken cancel) =>
        UntilIdle(stop => answers.RunBatch(node, stop), cancel);

    public Task<int> Listen(int node, CancellationToken cancel) =>
        UntilIdle(stop => listen.RunBatch(node, stop), cancel);

    public Task Discover(CancellationToken cancel) => discoveries.Run(cancel);

    public Task Sweep(CancellationToken cancel) => discoveries.Sweep(cancel);

    public Task Recover(CancellationToken cancel) => recovery.Run(cancel);

    public Task Guard(CancellationToken cancel) => InEveryWorkspace(guardrails.Tick, cancel);

    public Task CheckDomains(CancellationToken cancel) => domains.RunBatch(cancel);

    public Task Search(CancellationToken cancel) => search.Run(cancel);

    public async Task Forget(CancellationToken cancel)
    {
        await forgetImports.Run(cancel);
        await kept.Forget(cancel);
    }

    public Task Verify(CancellationToken cancel) => verify.Run(cancel);

    /// <summary>Everything that is due in one workspace, once through; returns how much was moved.</summary>
    public async Task<int> RunOnce(
        long workspaceId, int node, Func<string, Task> entering, CancellationToken cancel)
    {
        await entering("enrich");
        var moved = await UntilIdle(stop => enrich.RunBatch(workspaceId, node, stop), cancel);
        await entering("rank");
        moved += await UntilIdle(stop => rank.RunBatch(workspaceId, stop), cancel);
        await entering("compose");
        moved += await UntilIdle(stop => enroll.RunBatch(workspaceId, stop), cancel);
        moved += await UntilIdle(stop => compose.RunBatch(workspaceId, stop), cancel);
        moved += await UntilIdle(stop => approved.RunBatch(workspaceId, stop), cancel);
        await entering("send");
        return moved + await UntilIdle(stop => send.RunBatch(node, workspaceId, stop), cancel);
    }

    async Task InEveryWorkspace(Func<long, CancellationToken, Task<int>> batch, CancellationToken cancel)
    {
        var workspaces =
            await database.InInstance(session => Model.WorkspaceStore.All(session, cancel), cancel);
        foreach (var workspace in workspaces) await UntilIdle(stop => batch(workspace.Id, stop), cancel);
    }

    static async Task<int> UntilIdle(Func<CancellationToken, Task<int>> batch, CancellationToken cancel)
    {
        var total = 0;
        for (var count = 0; count < MaxBatches; count++)
        {
            var moved = await batch(cancel);
            if (moved == 0) break;
            total += moved;
        }

        return total;
    }
}
