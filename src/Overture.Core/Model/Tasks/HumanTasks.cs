using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with the tasks that the machine cannot do.</summary>
public sealed class HumanTasks(Database database, TimeProvider time)
{
    const int LongestSnoozeDays = 365;

    /// <summary>It is done: the text counts as sent, and the enrollment goes on.</summary>
    public Task Done(long workspaceId, long id, string by, CancellationToken cancel) =>
        Finish(workspaceId, id, TaskState.Done, by, cancel);

    /// <summary>It will not be done: the enrollment goes on without that touch.</summary>
    public Task Dismiss(long workspaceId, long id, string by, CancellationToken cancel) =>
        Finish(workspaceId, id, TaskState.Dismissed, by, cancel);

    /// <summary>It comes back on another day.</summary>
    public Task Snooze(long workspaceId, long id, DateOnly until, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
                if (until <= today || until > today.AddDays(LongestSnoozeDays))
                    throw new RuleBroken(
                        "bad_day", $"Choose a day from tomorrow to {LongestSnoozeDays} days ahead.", "until");
                await Open(session, id, cancel);
                await TaskStore.PutOff(session, id, until, cancel);
                await session.Announce("tasks", id, cancel);
            },
            cancel);

    Task Finish(long workspaceId, long id, TaskState state, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                // Locked in the order of a send: the enrollment before what hangs on it.
                var seen = await TaskStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("task", id);
                var enrollment = seen.EnrollmentId is { } known
                    ? await EnrollmentStore.Hold(session, known, cancel) : null;
                var task = await Open(session, id, cancel);
                await TaskStore.Finish(session, id, state, by, now, cancel);
                if (task.StepId is not null && enrollment is not null)
                    await GoOn(session, task, enrollment, state, by, now, cancel);
                await session.Announce("tasks", id, cancel);
                await session.Announce("campaigns", enrollment?.CampaignId ?? 0, cancel);
            },
            cancel);

    static async Task GoOn(
        Session session, HumanTask task, Enrollment enrollment, TaskState state, string by, DateTime now,
        CancellationToken cancel)
    {
        var isDone = state == TaskState.Done;
        if (task.MessageId is { } message)
            await MessageStore.SetState(
                session, message, isDone ? MessageState.Sent : MessageState.Cancelled, null,
                isDone ? now : null, cancel);
        if (isDone)
            await EventStore.Append(
                session, "task_done", enrollment.CampaignId, enrollment.Id, task.MessageId,
                enrollment.ContactId, JsonSerializer.Serialize(new { by, kind = task.Kind }), now, cancel);
        await ActivityStore.Append(
            session, enrollment.LeadId, isDone ? "task_done" : "task_dismissed", by,
            $"{(isDone ? "Done" : "Dismissed")}: {task.Title}", now, cancel);
        if (enrollment.State == EnrollmentState.Finished || enrollment.NextStepId != task.StepId) return;
        await NextStep.Advance(session, enrollment.Id, now, cancel, isTouched: isDone);
    }

    static async Task<HumanTask> Open(Session session, long id, CancellationToken cancel)
    {
        var task = await TaskStore.Hold(session, id, cancel) ?? throw RuleBroken.NotFound("task", id);
        return task.State == TaskState.Open ? task : throw new RuleBroken(
            "task_finished", $"This task was {task.State.ToString().ToLowerInvariant()} already.");
    }
}
