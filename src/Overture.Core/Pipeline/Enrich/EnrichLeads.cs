using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Enrich phase: takes new leads, adds what is known about them, and leaves them enriched.
/// </summary>
public sealed class EnrichLeads(Database database, TimeProvider time)
{
    const int BatchSize = 100;

    /// <summary>Enriches one batch; returns how many leads moved on. 0 means nothing is waiting.</summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var workspace = await WorkspaceStore.Find(session, workspaceId, cancel)
                    ?? throw RuleBroken.NotFound("workspace", workspaceId);
                var leads = await LeadStore.TakeInState(session, LeadState.New, BatchSize, cancel);
                foreach (var lead in leads) await Enrich(session, lead, workspace.EnrichmentMode, cancel);
                if (leads.Count > 0) await session.Announce("leads", 0, cancel);
                return leads.Count;
            },
            cancel);

    async Task Enrich(Session session, Lead lead, EnrichmentMode mode, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var learned = 0;
        if (mode == EnrichmentMode.Offline)
        {
            var contact = await ContactStore.Find(session, lead.ContactId, cancel)
                ?? throw RuleBroken.NotFound("contact", lead.ContactId);
            var company = lead.CompanyId is { } id ? await CompanyStore.Find(session, id, cancel) : null;
            var (ofContact, ofCompany) = OfflineRules.Learn(contact, company, now);
            foreach (var fact in ofContact) await FactStore.PutForContact(session, contact.Id, fact, cancel);
            foreach (var fact in ofCompany) await FactStore.PutForCompany(session, company!.Id, fact, cancel);
            learned = ofContact.Count + ofCompany.Count;
        }

        await LeadStore.MarkEnriched(session, lead.Id, now, cancel);
        var summary = mode == EnrichmentMode.Off
            ? "Passed on without enrichment: it is switched off"
            : $"Learned {learned} facts by offline rules";
        await ActivityStore.Append(session, lead.Id, "enriched", OfflineRules.Provider, summary, now, cancel);
    }
}
