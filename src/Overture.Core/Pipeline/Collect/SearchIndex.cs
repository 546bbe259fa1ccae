using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Keeps searching fast: sorts the words of new leads into their index, and learns which words there are.
/// </summary>
public sealed class SearchIndex(Database database)
{
    const int LeadsAtOnce = 20_000;

    public async Task Run(CancellationToken cancel)
    {
        await database.InInstance(
            async session =>
            {
                await VocabularyStore.SortIn(session, cancel);
                return true;
            },
            cancel);
        var workspaces = await database.InInstance(session => WorkspaceStore.All(session, cancel), cancel);
        foreach (var workspace in workspaces)
            while (await database.InWorkspace(
                workspace.Id, session => VocabularyStore.Learn(session, LeadsAtOnce, cancel), cancel) > 0)
            {
                // One commit for each stretch of leads.
            }
    }
}
