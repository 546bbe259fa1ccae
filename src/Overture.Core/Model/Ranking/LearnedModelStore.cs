using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over learned models.</summary>
static class LearnedModelStore
{
    const string Columns =
        """
        id, state, document is not null as is_kept, feature_list, feature_count, row_count, positive_count,
        patience_days, auc, auc_low, auc_high, log_loss, metrics::text as metrics,
        comparison::text as comparison, decision, trained_at, trained_by, promoted_at, retired_at
        """;

    public static Task<IReadOnlyList<LearnedModel>> List(
        Session session, int limit, CancellationToken cancel) =>
        session.List<LearnedModel>(
            $"""
            select {Columns} from ranking_models where workspace_id = @WorkspaceId
            order by id desc limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);

    public static Task<LearnedModel?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<LearnedModel>(
            $"select {Columns} from ranking_models where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>The model that leads are ranked by.</summary>
    public static Task<LearnedModel?> Serving(Session session, CancellationToken cancel) =>
        session.Maybe<LearnedModel>(
            $"""
            select {Columns} from ranking_models
            where workspace_id = @WorkspaceId and state in ('promoted', 'pinned')
            """,
            new { session.WorkspaceId }, cancel);

    public static Task<string?> Document(Session session, long id, CancellationToken cancel) =>
        session.Maybe<string>(
            "select document from ranking_models where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>
    /// The number of the newest model of any state: every training makes one, and with it a new draw.
    /// </summary>
    public static Task<long> Newest(Session session, CancellationToken cancel) =>
        session.One<long>(
            "select coalesce(max(id), 0) from ranking_models where workspace_id = @WorkspaceId",
            new { session.WorkspaceId }, cancel);

    public static Task<long> Insert(
        Session session, LearnedModel model, string document, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into ranking_models (workspace_id, state, document, feature_list, feature_count,
                row_count, positive_count, patience_days, auc, auc_low, auc_high, log_loss, metrics,
                comparison, decision, trained_at, trained_by)
            values (@WorkspaceId, 'candidate', @document, @FeatureList, @FeatureCount, @RowCount,
                @PositiveCount, @PatienceDays, @Auc, @AucLow, @AucHigh, @LogLoss, @Metrics::jsonb,
                @Comparison::jsonb, @Decision, @TrainedAt, @TrainedBy)
            returning id
            """,
            new
            {
                session.WorkspaceId, document, model.FeatureList, model.FeatureCount, model.RowCount,
                model.PositiveCount, model.PatienceDays, model.Auc, model.AucLow, model.AucHigh,
                model.LogLoss, model.Metrics, model.Comparison, model.Decision, model.TrainedAt,
                model.TrainedBy,
            },
            cancel);

    /// <summary>Takes models in these states out of use, except one.</summary>
    public static Task<int> Retire(
        Session session, string[] states, long except, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update ranking_models set state = 'retired', retired_at = @now
            where workspace_id = @WorkspaceId and state = any(@states) and id <> @except
            """,
            new { session.WorkspaceId, states, except, now }, cancel);

    public static Task<int> Serve(
        Session session, long id, RankingModelState state, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update ranking_models set state = @state, promoted_at = coalesce(promoted_at, @now),
                retired_at = null
            where workspace_id = @WorkspaceId and id = @id and document is not null
            """,
            new { session.WorkspaceId, id, state = Word(state), now }, cancel);

    /// <summary>Lets go of models retired for long; what is said of them stays.</summary>
    public static Task<int> DropOldDocuments(Session session, int kept, CancellationToken cancel) =>
        session.Run(
            """
            update ranking_models set document = null
            where workspace_id = @WorkspaceId and state = 'retired' and document is not null
                and id not in (select id from ranking_models
                    where workspace_id = @WorkspaceId and document is not null order by id desc limit @kept)
            """,
            new { session.WorkspaceId, kept }, cancel);

    internal static string Word(RankingModelState state) => state.ToString().ToLowerInvariant();
}
