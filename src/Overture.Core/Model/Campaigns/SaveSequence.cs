using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Stores the steps of a draft over those that are there. Whoever was sent a step keeps it; whoever waits for
/// one that goes is led on; and what waits for approval under an old wording is written anew.
/// </summary>
static class SaveSequence
{
    public static async Task Run(
        Session session, Campaign? campaign, long campaignId, IReadOnlyList<StepDraft> draft, DateTime now,
        CancellationToken cancel)
    {
        var sequenceId = await CampaignStore.EnsureSequence(session, campaignId, cancel);
        var before = await StepStore.InOrder(session, campaignId, cancel);
        Refuse(campaign, before, draft);
        var edit = new SequenceEdit(before, draft);
        var ids = new List<long>();
        foreach (var (index, (step, kept)) in edit.Steps.Index())
            ids.Add(await Put(session, sequenceId, index + 1, step, kept, now, cancel));
        await PutWays(session, edit, ids, cancel);
        foreach (var (step, followerId) in edit.Removed)
        {
            await EnrollmentStore.WriteAnew(session, step.Id, now, cancel);
            await StepStore.Remove(session, step.Id, followerId, now, cancel);
            await EnrollmentStore.Lead(session, step.Id, followerId, cancel);
        }

        foreach (var (kept, firstNew) in edit.Inserted())
            await EnrollmentStore.Lead(session, kept.Id, ids[firstNew], cancel);
    }

    static void Refuse(Campaign? campaign, IReadOnlyList<Step> before, IReadOnlyList<StepDraft> draft)
    {
        foreach (var (index, step) in draft.Index())
            if (step.Id is { } id && before.FirstOrDefault(one => one.Id == id) is var kept
                && kept?.Kind != step.Kind)
                throw kept is null ? RuleBroken.NotFound("step", id) : new RuleBroken(
                    "step_kind", $"Step {index + 1} is of another kind. Remove it and add a new one.",
                    $"steps/{index}/kind");
        if (campaign?.StartedAt is null || before.Count == 0) return;
        if (draft.Count == 0)
            throw new RuleBroken(
                "campaign_without_text", "A campaign that was started needs a step. End it instead.", "steps");
        if (draft.All(step => step.Id is null))
            throw new RuleBroken(
                "steps_without_id",
                "This campaign was started, so its steps are known by their id. Send each step with the id "
                + "that GET gives; a step without one is new.", "steps");
    }

    static async Task<long> Put(
        Session session, long sequenceId, int position, StepDraft step, Step? kept, DateTime now,
        CancellationToken cancel)
    {
        if (kept is null)
        {
            var id = await StepStore.Insert(session, sequenceId, position, step, cancel);
            foreach (var (index, text) in step.Variants.Index())
                await StepStore.InsertVariant(session, id, Letter(index), text, cancel);
            return id;
        }

        await StepStore.Update(session, kept.Id, position, step, cancel);
        if (SequenceEdit.IsReworded(step, kept))
        {
            await EnrollmentStore.WriteAnew(session, kept.Id, now, cancel);
            await PutTexts(session, kept, step.Variants, now, cancel);
        }

        return kept.Id;
    }

    /// <summary>
    /// A wording that somebody was sent is not changed under its results: the new one takes its name.
    /// </summary>
    static async Task PutTexts(
        Session session, Step kept, IReadOnlyList<VariantDraft> texts, DateTime now, CancellationToken cancel)
    {
        var known = kept.Variants.ToDictionary(variant => variant.Id);
        // Without ids the wordings are taken in their order, as an editor without history sends them.
        var named = texts.Any(text => text.Id is not null) ? texts
            : [.. texts.Select((text, index) => index < kept.Variants.Count
                ? text with { Id = kept.Variants[index].Id } : text)];
        foreach (var gone in known.Keys.Except(named.Select(text => text.Id ?? 0)))
            await StepStore.RemoveVariant(session, gone, now, cancel);
        var names = known.Values.Select(variant => variant.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var text in named)
        {
            if (text.Id is not { } id || !known.TryGetValue(id, out var variant))
            {
                var name = Enumerable.Range(0, int.MaxValue).Select(Letter).First(names.Add);
                await StepStore.InsertVariant(session, kept.Id, name, text, cancel);
            }
            else if (await StepStore.Reword(session, id, text, cancel) == 0)
            {
                await StepStore.RemoveVariant(session, id, now, cancel);
                await StepStore.InsertVariant(session, kept.Id, variant.Name, text, cancel);
            }
        }
    }

    static async Task PutWays(
        Session session, SequenceEdit edit, List<long> ids, CancellationToken cancel)
    {
        foreach (var (index, (step, _)) in edit.Steps.Index())
            if (step.Condition is { } condition)
                await StepStore.SetWays(session, ids[index], Named(condition.Yes), Named(condition.No), cancel);

        long? Named(string? name) => name is null
            ? null : ids[edit.Steps.Index().First(pair => pair.Item.Draft.Name == name).Index];
    }

    static string Letter(int index) =>
        index < 26 ? ((char)('A' + index)).ToString() : $"{(char)('A' + (index % 26))}{index / 26}";
}
