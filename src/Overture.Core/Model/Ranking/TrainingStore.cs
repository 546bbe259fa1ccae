using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the training set.</summary>
static class TrainingStore
{
    /// <summary>Whether anybody was ever sent anything: without, there is nothing to learn from.</summary>
    public static Task<bool> HasTouches(Session session, CancellationToken cancel) =>
        session.One<bool>(
            "select exists(select from events where workspace_id = @WorkspaceId and kind = 'sent')",
            new { session.WorkspaceId }, cancel);

    /// <summary>
    /// When leads were written to and when they said yes, for the account's own answer time.
    /// </summary>
    public static Task<IReadOnlyList<(DateTime ContactedAt, DateTime AnsweredAt)>> YesTimes(
        Session session, DateTime now, CancellationToken cancel) =>
        session.List<(DateTime, DateTime)>(
            """
            select contacted_at, answered_at from mart_examples(@WorkspaceId, @now, interval '0')
            where answer in ('accepted', 'replied')
            """,
            new { session.WorkspaceId, now }, cancel);

    public static Task<int> Clear(Session session, CancellationToken cancel) =>
        session.Run(
            "delete from training_examples where workspace_id = @WorkspaceId",
            new { session.WorkspaceId }, cancel);

    /// <summary>Fills the set from the mart, without features; returns the number of rows.</summary>
    public static Task<int> Fill(
        Session session, TimeSpan patience, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into training_examples (workspace_id, lead_id, contacted_at, answer, answered_at, is_yes,
                known_at, built_at)
            select @WorkspaceId, lead_id, contacted_at, answer, answered_at, is_yes, known_at, @now
            from mart_examples(@WorkspaceId, @now, @patience)
            """,
            new { session.WorkspaceId, now, patience }, cancel);

    public static Task<IReadOnlyList<TrainingExample>> WithoutFeatures(
        Session session, int limit, CancellationToken cancel) =>
        session.List<TrainingExample>(
            """
            select lead_id, contacted_at, answer, answered_at, is_yes, known_at from training_examples
            where workspace_id = @WorkspaceId and is_yes is not null and features is null
            order by lead_id limit @limit
            """,
            new { session.WorkspaceId, limit }, cancel);

    /// <summary>Rows are PostgreSQL arrays as text, because a list of arrays cannot be a parameter.</summary>
    public static Task<int> PutFeatures(
        Session session, string featureList, long[] leads, string[] rows, CancellationToken cancel) =>
        session.Run(
            """
            update training_examples e set feature_list = @featureList, features = r.row::real[]
            from unnest(@leads, @rows) as r (lead, row)
            where e.workspace_id = @WorkspaceId and e.lead_id = r.lead
            """,
            new { session.WorkspaceId, featureList, leads, rows }, cancel);

    /// <summary>The labelled rows of one feature list, in the order in which they were written to.</summary>
    public static Task<IReadOnlyList<TrainingExample>> Labelled(
        Session session, string featureList, CancellationToken cancel) =>
        session.List<TrainingExample>(
            """
            select lead_id, contacted_at, answer, answered_at, is_yes, known_at, features
            from training_examples
            where workspace_id = @WorkspaceId and is_yes is not null and feature_list = @featureList
            order by contacted_at, lead_id
            """,
            new { session.WorkspaceId, featureList }, cancel);

    /// <summary>Every row, with or without a label, in pages by lead.</summary>
    public static Task<IReadOnlyList<TrainingExample>> Page(
        Session session, long afterLead, int limit, CancellationToken cancel) =>
        session.List<TrainingExample>(
            """
            select lead_id, contacted_at, answer, answered_at, is_yes, known_at, features
            from training_examples
            where workspace_id = @WorkspaceId and lead_id > @afterLead order by lead_id limit @limit
            """,
            new { session.WorkspaceId, afterLead, limit }, cancel);

    public static Task<IReadOnlyList<AnswerCount>> CountAnswers(Session session, CancellationToken cancel) =>
        session.List<AnswerCount>(
            """
            select answer, is_yes, count(*) as count from training_examples
            where workspace_id = @WorkspaceId group by answer, is_yes order by count(*) desc, answer
            """,
            new { session.WorkspaceId }, cancel);

    /// <summary>When the set was built and from which feature list; null while there is none.</summary>
    public static Task<(DateTime BuiltAt, string? FeatureList)?> Built(
        Session session, CancellationToken cancel) =>
        session.Maybe<(DateTime, string?)?>(
            """
            select max(built_at), max(feature_list) from training_examples
            where workspace_id = @WorkspaceId having count(*) > 0
            """,
            new { session.WorkspaceId }, cancel);
}
