using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Counts what became of the rows of one batch.</summary>
sealed class RowCounts
{
    readonly Dictionary<(string What, IntakeEffect Effect), int> effects = [];
    int imported;
    int invalid;
    int duplicates;
    int rowsNew;
    int rowsUpdated;
    int rowsUnchanged;
    int suppressed;
    int roleAddresses;

    public void Add(ReadRow row, ReadOnlySpan<IntakeResult> results, bool isDuplicate)
    {
        if (row.Leads.Count == 0)
        {
            invalid++;
            return;
        }

        imported++;
        if (row.IsRoleAddress) roleAddresses++;
        var isNew = false;
        var isUpdated = false;
        foreach (var result in results)
        {
            Note("company", result.Company);
            Note("contact", result.Contact);
            Note("lead", result.Lead);
            if (result.Suppression is not null) suppressed++;
            var main = result.Contact == IntakeEffect.None ? result.Company : result.Contact;
            isNew |= main == IntakeEffect.Added || result.Lead == IntakeEffect.Added;
            isUpdated |= result.Contact == IntakeEffect.Updated || result.Company == IntakeEffect.Updated;
        }

        if (isDuplicate) duplicates++;
        else if (isNew) rowsNew++;
        else if (isUpdated) rowsUpdated++;
        else rowsUnchanged++;
    }

    public ImportReport AddTo(ImportReport report, int doubtful) => report with
    {
        Imported = report.Imported + imported, Invalid = report.Invalid + invalid,
        DuplicatesInFile = report.DuplicatesInFile + duplicates, RowsNew = report.RowsNew + rowsNew,
        RowsUpdated = report.RowsUpdated + rowsUpdated, RowsUnchanged = report.RowsUnchanged + rowsUnchanged,
        Suppressed = report.Suppressed + suppressed, RoleAddresses = report.RoleAddresses + roleAddresses,
        CompaniesAdded = report.CompaniesAdded + Of("company", IntakeEffect.Added),
        CompaniesUpdated = report.CompaniesUpdated + Of("company", IntakeEffect.Updated),
        ContactsAdded = report.ContactsAdded + Of("contact", IntakeEffect.Added),
        ContactsUpdated = report.ContactsUpdated + Of("contact", IntakeEffect.Updated),
        LeadsAdded = report.LeadsAdded + Of("lead", IntakeEffect.Added),
        LeadsKnown = report.LeadsKnown + Of("lead", IntakeEffect.Unchanged),
        PossibleDuplicates = report.PossibleDuplicates + doubtful,
    };

    void Note(string what, IntakeEffect effect) =>
        effects[(what, effect)] = effects.GetValueOrDefault((what, effect)) + 1;

    int Of(string what, IntakeEffect effect) => effects.GetValueOrDefault((what, effect));
}
