using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that takes an import back, the last batch first; each batch is a commit. What was written to since
/// stays, and so does every value that somebody changed after the import.
/// </summary>
public sealed class UndoImport(Database database, TimeProvider time) : IJobKind
{
    public const string Name = "undo_import";

    public string Kind => Name;

    public sealed record Args(long ImportId);

    public sealed record Summary
    {
        public int ContactsRemoved { get; init; }
        public int LeadsRemoved { get; init; }
        public int CompaniesRemoved { get; init; }
        public int ContactsRestored { get; init; }
        public int CompaniesRestored { get; init; }

        /// <summary>People the import added who were written to, wrote, or were merged since.</summary>
        public int ContactsKept { get; init; }
    }

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var id = run.Parameters<Args>().ImportId;
        var done = run.Checkpoint<Summary>() ?? new Summary();
        while (await Step(run, id, done, cancel) is { } more) done = more;
        await database.InWorkspace(
            run.WorkspaceId,
            async session =>
            {
                await ImportStore.SetUndone(session, id, time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce("leads", 0, cancel);
            },
            cancel);
        return new JobOutcome.Completed(done);
    }

    // Null when no batch is left.
    async Task<Summary?> Step(JobRun run, long id, Summary done, CancellationToken cancel)
    {
        await using var session = await database.Open(run.WorkspaceId, cancel);
        if (await ImportBatchStore.Last(session, id, cancel) is not { } batch) return null;
        var now = time.GetUtcNow().UtcDateTime;
        var leads = await ImportUndoStore.RemoveLeads(session, batch.LeadContacts, cancel);
        var contacts = await ImportUndoStore.RemoveContacts(session, batch.AddedContacts, cancel);
        var restoredContacts = await RestoreContacts(session, batch, now, cancel);
        var restoredCompanies = await RestoreCompanies(session, batch, now, cancel);
        var companies = await ImportUndoStore.RemoveCompanies(session, batch.AddedCompanies, cancel);
        await ImportBatchStore.Delete(session, id, batch.Number, cancel);
        done = done with
        {
            LeadsRemoved = done.LeadsRemoved + leads, ContactsRemoved = done.ContactsRemoved + contacts,
            ContactsKept = done.ContactsKept + batch.AddedContacts.Length - contacts,
            CompaniesRemoved = done.CompaniesRemoved + companies,
            ContactsRestored = done.ContactsRestored + restoredContacts,
            CompaniesRestored = done.CompaniesRestored + restoredCompanies,
        };
        await run.SaveCheckpoint(session, done, 0, null, $"Batch {batch.Number + 1} taken back", cancel);
        await session.Commit(cancel);
        return done;
    }

    static async Task<int> RestoreContacts(
        Session session, ImportBatch batch, DateTime now, CancellationToken cancel)
    {
        var changes = ImportChanges.Read(batch.ChangedContacts);
        var known = await ImportContactStore.Find(session, [.. changes.Keys], cancel);
        var restored = known.Select(contact => (contact, ImportChanges.Restore(contact, changes[contact.Id])))
            .Where(pair => pair.contact != pair.Item2).Select(pair => pair.Item2).ToList();
        await ImportContactStore.Update(
            session, restored, restored.Column(contact => ContactKey.ForEmail(contact.Email)),
            restored.Column(contact => ContactKey.ForLinkedIn(contact.LinkedInUrl)), now, cancel);
        return restored.Count;
    }

    static async Task<int> RestoreCompanies(
        Session session, ImportBatch batch, DateTime now, CancellationToken cancel)
    {
        var changes = ImportChanges.Read(batch.ChangedCompanies);
        var known = await ImportCompanyStore.Find(session, [.. changes.Keys], cancel);
        var restored = known.Select(company => (company, ImportChanges.Restore(company, changes[company.Id])))
            .Where(pair => pair.company != pair.Item2).Select(pair => pair.Item2).ToList();
        await ImportCompanyStore.Update(
            session, restored, restored.Column(company => CompanyName.ForMatching(company.Name)), now,
            cancel);
        return restored.Count;
    }
}
