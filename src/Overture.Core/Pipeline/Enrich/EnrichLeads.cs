using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Enrich phase: takes new leads, adds what is known about them, and leaves them enriched. The offline
/// rules always speak; connected providers are asked before them. Leads whose providers could not answer are
/// asked about again when the time has come.
/// </summary>
public sealed class EnrichLeads(
    Database database, Integrations integrations, Waterfall waterfall, ApplyLearned apply, TimeProvider time)
{
    const int BatchSize = 100;
    const int AskedAtOnce = 4;

    /// <summary>Enriches one batch; returns how many leads moved on. 0 means nothing is waiting.</summary>
    public async Task<int> RunBatch(long workspaceId, int node, CancellationToken cancel)
    {
        var (mode, order) = await Plan(workspaceId, cancel);
        if (mode == EnrichmentMode.Off || order.Values.All(providers => providers.Count == 0))
            return await WithoutProviders(workspaceId, mode, cancel);
        var due = await database.InWorkspace(
            workspaceId,
            async session =>
            {
                var fresh = await GapStore.New(session, BatchSize, cancel);
                var again = await GapStore.Due(
                    session, time.GetUtcNow().UtcDateTime, BatchSize - fresh.Count, cancel);
                return fresh.Concat(again).ToList();
            },
            cancel);
        var moved = 0;
        var asker = new Asker(workspaceId, node);
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancel },
            async (lead, stop) =>
            {
                if (await Enrich(asker, order, lead, stop)) Interlocked.Increment(ref moved);
            });
        return moved;
    }

    async Task<(EnrichmentMode, IReadOnlyDictionary<string, IReadOnlyList<string>>)> Plan(
        long workspaceId, CancellationToken cancel)
    {
        var connected = await integrations.List(workspaceId, cancel);
        return await database.InWorkspace(
            workspaceId,
            async session =>
            {
                var workspace = await WorkspaceStore.Get(session, cancel);
                var settings = await WaterfallSettings.Load(session, cancel);
                IReadOnlyDictionary<string, IReadOnlyList<string>> order = FieldSet.All.ToDictionary(
                    fieldSet => fieldSet, fieldSet => settings.OrderOf(fieldSet, connected));
                return (workspace.EnrichmentMode, order);
            },
            cancel);
    }

    /// <summary>
    /// Asks without holding a row, then writes all that was learned in one commit. Killed in between, the
    /// lead is still waiting, and its answers are kept with their questions.
    /// </summary>
    async Task<bool> Enrich(
        Asker asker, IReadOnlyDictionary<string, IReadOnlyList<string>> order, long leadId,
        CancellationToken cancel)
    {
        var learned = await database.InWorkspace(
            asker.WorkspaceId,
            async session =>
            {
                if (await LeadStore.Find(session, leadId, cancel) is not { } lead) return null;
                var (contact, company) = await ApplyLearned.Record(session, lead, cancel);
                var known = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
                return new Learned(contact, company, known, time.GetUtcNow().UtcDateTime);
            },
            cancel);
        if (learned is null) return false;
        await waterfall.Run(asker, order, learned, cancel);
        return !learned.IsBusy && await apply.Run(asker.WorkspaceId, leadId, learned, cancel);
    }

    Task<int> WithoutProviders(long workspaceId, EnrichmentMode mode, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var leads = await LeadStore.TakeInState(session, LeadState.New, BatchSize, cancel);
                foreach (var lead in leads) await apply.RulesOnly(session, lead, mode, cancel);
                if (leads.Count > 0) await session.Announce("leads", 0, cancel);
                return leads.Count;
            },
            cancel);
}
