using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>How many stand at a step, and how many it has reached.</summary>
public sealed record StepCrowd(long StepId, long Waiting, long Reached, long Drafts);

/// <summary>All SQL over steps and their wordings.</summary>
static class StepStore
{
    const string Columns =
        """
        st.id, coalesce(st.position, 0) as position, st.kind, st.delay_days, st.in_working_days,
        st.task_kind as manual, st.ends_here, st.follower_id, st.test, st.test_field as field,
        replace(st.test_operator, '_', '') as operator, st.test_value as value, st.window_days,
        st.yes_step_id, st.no_step_id
        """;

    const string OfCampaign =
        """
        from steps st join sequences s on s.workspace_id = st.workspace_id and s.id = st.sequence_id
        where st.workspace_id = @WorkspaceId and s.campaign_id = @campaignId
        """;

    /// <summary>The steps in their order, with the wordings in use.</summary>
    public static async Task<IReadOnlyList<Step>> InOrder(
        Session session, long campaignId, CancellationToken cancel)
    {
        var rows = await session.List<StepRow>(
            $"select {Columns} {OfCampaign} and st.retired_at is null order by st.position",
            new { session.WorkspaceId, campaignId }, cancel);
        var variants = await session.List<Variant>(
            """
            select id, step_id, name, subject, body, weight from variants
            where workspace_id = @WorkspaceId and step_id = any(@ids) and retired_at is null order by name
            """,
            new { session.WorkspaceId, ids = rows.Select(row => row.Id).ToArray() }, cancel);
        var byStep = variants.ToLookup(variant => variant.StepId);
        return [.. rows.Select(row => row.ToStep() with { Variants = [.. byStep[row.Id]] })];
    }

    /// <summary>All steps there ever were, without their wordings.</summary>
    public static async Task<IReadOnlyList<Step>> WithRemoved(
        Session session, long campaignId, CancellationToken cancel) =>
        [.. (await session.List<StepRow>(
            $"select {Columns} {OfCampaign} order by st.position nulls last, st.id",
            new { session.WorkspaceId, campaignId }, cancel)).Select(row => row.ToStep())];

    /// <summary>All steps there ever were in the campaigns of these enrollments.</summary>
    public static Rows<StepRow> OfEnrollments(Batch batch, long[] enrollmentIds) =>
        batch.List<StepRow>(
            $"""
            select s.campaign_id, {Columns}
            from sequences s
            join steps st on st.workspace_id = s.workspace_id and st.sequence_id = s.id
            where s.workspace_id = @WorkspaceId and s.campaign_id in (
                select e.campaign_id from enrollments e
                where e.workspace_id = @WorkspaceId and e.id = any(@enrollmentIds))
            order by st.position nulls last, st.id
            """,
            new { batch.WorkspaceId, enrollmentIds });

    public static Task<long> Insert(
        Session session, long sequenceId, int position, StepDraft step, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into steps (workspace_id, sequence_id, position, kind, delay_days, in_working_days,
                task_kind, ends_here, test, test_field, test_operator, test_value, window_days)
            values (@WorkspaceId, @sequenceId, @position, @kind, @DelayDays, @InWorkingDays,
                @manual, @EndsHere, @test, @field, @compare, @value, @window)
            returning id
            """,
            Values(session, 0, sequenceId, position, step), cancel);

    public static Task<int> Update(
        Session session, long id, int position, StepDraft step, CancellationToken cancel) =>
        session.Run(
            """
            update steps set position = @position, delay_days = @DelayDays, in_working_days = @InWorkingDays,
                task_kind = @manual, ends_here = @EndsHere, test = @test, test_field = @field,
                test_operator = @compare, test_value = @value, window_days = @window
            where workspace_id = @WorkspaceId and id = @id
            """,
            Values(session, id, 0, position, step), cancel);

    public static Task<int> SetWays(
        Session session, long id, long? yesStepId, long? noStepId, CancellationToken cancel) =>
        session.Run(
            """
            update steps set yes_step_id = @yesStepId, no_step_id = @noStepId
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, yesStepId, noStepId }, cancel);

    /// <summary>Takes a step out of the order; whoever was reached by it keeps it in the history.</summary>
    public static Task<int> Remove(
        Session session, long id, long? followerId, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update steps set position = null, retired_at = @now, follower_id = @followerId,
                yes_step_id = null, no_step_id = null
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, followerId, now }, cancel);

    public static Task<int> InsertVariant(
        Session session, long stepId, string name, VariantDraft text, CancellationToken cancel) =>
        session.Run(
            """
            insert into variants (workspace_id, step_id, name, subject, body, weight)
            values (@WorkspaceId, @stepId, @name, @Subject, @Body, @Weight)
            """,
            new { session.WorkspaceId, stepId, name, text.Subject, text.Body, text.Weight }, cancel);

    /// <summary>Rewords a text that nobody was sent yet; 0 rows when somebody was.</summary>
    public static Task<int> Reword(Session session, long id, VariantDraft text, CancellationToken cancel) =>
        session.Run(
            """
            update variants v set subject = @Subject, body = @Body, weight = @Weight
            where workspace_id = @WorkspaceId and id = @id
              and ((subject = @Subject and body = @Body) or not exists (
                  select from messages m where m.workspace_id = v.workspace_id and m.step_id = v.step_id
                    and m.variant_id = v.id))
            """,
            new { session.WorkspaceId, id, text.Subject, text.Body, text.Weight }, cancel);

    /// <summary>Takes a wording out of use; it is deleted when nobody was ever sent it.</summary>
    public static async Task RemoveVariant(Session session, long id, DateTime now, CancellationToken cancel)
    {
        var deleted = await session.Run(
            """
            delete from variants v where workspace_id = @WorkspaceId and id = @id and not exists (
                select from messages m where m.workspace_id = v.workspace_id and m.step_id = v.step_id
                    and m.variant_id = v.id)
            """,
            new { session.WorkspaceId, id }, cancel);
        if (deleted == 0)
            await session.Run(
                "update variants set retired_at = @now where workspace_id = @WorkspaceId and id = @id",
                new { session.WorkspaceId, id, now }, cancel);
    }

    /// <summary>The wording a person declares the winner gets every further message of its step.</summary>
    public static Task<int> GiveAll(Session session, long stepId, long variantId, CancellationToken cancel) =>
        session.Run(
            """
            update variants set weight = case when id = @variantId then 1 else 0 end
            where workspace_id = @WorkspaceId and step_id = @stepId and retired_at is null
            """,
            new { session.WorkspaceId, stepId, variantId }, cancel);

    public static Task<IReadOnlyList<StepCrowd>> Crowds(
        Session session, long campaignId, CancellationToken cancel) =>
        session.List<StepCrowd>(
            $"""
            select st.id as step_id,
                (select count(*) from enrollments e where e.workspace_id = st.workspace_id
                    and e.next_step_id = st.id and e.state <> 'finished' and e.due_at is not null)
                    as waiting,
                (select count(*) from messages m where m.workspace_id = st.workspace_id and m.step_id = st.id)
                    + (select count(*) from tasks t where st.kind = 'manual'
                        and t.workspace_id = st.workspace_id and t.step_id = st.id) as reached,
                (select count(*) from messages m where m.workspace_id = st.workspace_id and m.step_id = st.id
                    and m.state in ('draft', 'approved') and m.channel = 'email') as drafts
            {OfCampaign} and st.retired_at is null order by st.position
            """,
            new { session.WorkspaceId, campaignId }, cancel);

    internal static string Word<T>(T value) where T : struct, Enum =>
        value is StepKind.LinkedIn ? "linkedin"
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    static object Values(Session session, long id, long sequenceId, int position, StepDraft step) => new
    {
        session.WorkspaceId, id, sequenceId, position, kind = Word(step.Kind), step.DelayDays,
        step.InWorkingDays, manual = step.Manual is { } manual ? Word(manual) : null, step.EndsHere,
        test = step.Condition is { } asked ? Word(asked.Test) : null,
        field = step.Condition?.Field,
        compare = step.Condition?.Operator is { } compare ? Word(compare) : null,
        value = step.Condition?.Value, window = step.Condition?.WindowDays ?? 0,
    };
}

/// <summary>A step as its row says it, without its wordings.</summary>
sealed record StepRow
{
    /// <summary>Read only where steps of several campaigns come together.</summary>
    public long CampaignId { get; init; }

    public long Id { get; init; }
    public int Position { get; init; }
    public StepKind Kind { get; init; }
    public int DelayDays { get; init; }
    public bool InWorkingDays { get; init; }
    public ManualKind? Manual { get; init; }
    public bool EndsHere { get; init; }
    public long? FollowerId { get; init; }
    public ConditionTest? Test { get; init; }
    public string? Field { get; init; }
    public FieldOperator? Operator { get; init; }
    public string? Value { get; init; }
    public int WindowDays { get; init; }
    public long? YesStepId { get; init; }
    public long? NoStepId { get; init; }

    public Step ToStep() => new()
    {
        Id = Id, Position = Position, Kind = Kind, DelayDays = DelayDays, InWorkingDays = InWorkingDays,
        Manual = Manual, EndsHere = EndsHere, FollowerId = FollowerId,
        Condition = Test is not { } test ? null : new StepCondition
        {
            Test = test, Field = Field, Operator = Operator, Value = Value, WindowDays = WindowDays,
            YesStepId = YesStepId, NoStepId = NoStepId,
        },
    };
}
