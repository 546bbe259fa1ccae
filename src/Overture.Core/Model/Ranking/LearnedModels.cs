using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with learned models.</summary>
public sealed class LearnedModels(Database database, TimeProvider time)
{
    /// <summary>Models shown of the training history.</summary>
    public const int MaxListed = 100;

    public Task<IReadOnlyList<LearnedModel>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, s => LearnedModelStore.List(s, MaxListed, cancel), cancel);

    public Task<LearnedModel> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => Get(session, id, cancel), cancel);

    /// <summary>The model as a readable document.</summary>
    public Task<string> Document(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await LearnedModelStore.Document(session, id, cancel)
                ?? throw Gone(await Get(session, id, cancel)),
            cancel);

    /// <summary>
    /// Ranks by this model and no other, whatever is learned later, until it is unpinned. Every lead that
    /// waits is ranked again.
    /// </summary>
    public Task Pin(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var model = await Get(session, id, cancel);
                if (!model.IsKept) throw Gone(model);
                var now = time.GetUtcNow().UtcDateTime;
                await LearnedModelStore.Retire(session, ["promoted", "pinned"], id, now, cancel);
                await LearnedModelStore.Serve(session, id, RankingModelState.Pinned, now, cancel);
                await RankAgain(session, now, cancel);
            },
            cancel);

    /// <summary>Lets the next model that is no worse take over.</summary>
    public Task Unpin(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var model = await Get(session, id, cancel);
                if (model.State != RankingModelState.Pinned)
                    throw new RuleBroken("not_pinned", $"Model {id} is not pinned.");
                var now = time.GetUtcNow().UtcDateTime;
                await LearnedModelStore.Serve(session, id, RankingModelState.Promoted, now, cancel);
                await session.Announce("ranking", id, cancel);
            },
            cancel);

    static async Task RankAgain(Session session, DateTime now, CancellationToken cancel)
    {
        await LeadStore.SendBackToRanking(session, now, cancel);
        await session.Announce("leads", 0, cancel);
        await session.Announce("ranking", 0, cancel);
    }

    static async Task<LearnedModel> Get(Session session, long id, CancellationToken cancel) =>
        await LearnedModelStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("ranking model", id);

    static RuleBroken Gone(LearnedModel model) => new(
        "model_let_go", $"Model {model.Id} was retired long ago; only its record is kept.");
}
