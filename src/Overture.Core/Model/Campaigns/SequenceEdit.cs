namespace Overture.Core.Model;

public enum StepChangeKind
{
    Added,
    Removed,
    Moved,
    Changed,
}

/// <summary>What saving does to one step, and to whom.</summary>
public sealed record StepChange(
    StepChangeKind Kind, int Position, StepKind StepKind, long Waiting, long Reached, long Drafts)
{
    /// <summary>The change and its consequence in one sentence.</summary>
    public string Sentence => Kind switch
    {
        StepChangeKind.Added =>
            $"Step {Position} is new. {Count(Waiting)} waiting at this place get it next.",
        StepChangeKind.Removed =>
            $"Step {Position} is removed. {Count(Waiting)} waiting for it go on with the step below; "
            + $"{Count(Reached)} whom it has reached keep it in their history.",
        StepChangeKind.Moved =>
            $"Step {Position} moves. {Count(Waiting)} waiting for it get it next and then follow the new "
            + "order; nobody gets a step twice.",
        _ => $"Step {Position} changes. {Count(Waiting)} waiting for it get the new one; "
            + $"{Count(Reached)} were reached by it as it was"
            + (Drafts > 0 ? $", and {Count(Drafts)} unapproved are written anew." : "."),
    };

    static string Count(long people) => people.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// The way from the steps that are there to the steps of a draft: which stay, come, go and move, and where
/// those who wait go on. Pure; nothing is changed here.
/// </summary>
public sealed class SequenceEdit
{
    readonly IReadOnlyList<Step> before;

    public SequenceEdit(IReadOnlyList<Step> before, IReadOnlyList<StepDraft> draft)
    {
        this.before = before;
        var known = before.ToDictionary(step => step.Id);
        Steps = [.. draft.Select(step => (step, step.Id is { } id ? known.GetValueOrDefault(id) : null))];
        var kept = Steps.Where(pair => pair.Kept is not null).Select(pair => pair.Kept!.Id).ToHashSet();
        Removed = [.. before.Where(step => !kept.Contains(step.Id))
            .Select(step => (step, FollowerOf(step, kept)))];
    }

    /// <summary>The new order; a step without a kept one is new.</summary>
    public IReadOnlyList<(StepDraft Draft, Step? Kept)> Steps { get; }

    /// <summary>What goes, and where those go on who wait there; null ends.</summary>
    public IReadOnlyList<(Step Step, long? FollowerId)> Removed { get; }

    /// <summary>
    /// Kept steps that new ones now stand directly before, with the index of the first of these: whoever
    /// waits for the kept step gets the new ones first, unless a branch leads straight to it.
    /// </summary>
    public IEnumerable<(Step Kept, int FirstNew)> Inserted()
    {
        var targets = Steps.Select(pair => pair.Draft.Condition).OfType<ConditionDraft>()
            .SelectMany(condition => new[] { condition.Yes, condition.No }).ToHashSet();
        for (var index = 1; index < Steps.Count; index++)
        {
            if (Steps[index] is not (var draft, { } kept) || Steps[index - 1].Kept is not null) continue;
            if (targets.Contains(draft.Name)) continue;
            var first = index - 1;
            while (first > 0 && Steps[first - 1].Kept is null) first--;
            var previous = first > 0 ? Steps[first - 1].Kept : null;
            if (previous is { EndsHere: true } or { Kind: StepKind.Condition }) continue;
            if (PreviousKept(kept) == previous?.Id) yield return (kept, first);
        }
    }

    /// <summary>Everything that saving changes, in the order of the new sequence.</summary>
    public IReadOnlyList<StepChange> Changes(IReadOnlyList<StepCrowd> crowds)
    {
        var crowd = crowds.ToDictionary(one => one.StepId);
        var inserted = Inserted().ToDictionary(pair => pair.FirstNew, pair => pair.Kept.Id);
        var order = KeptInOrder().Select((id, index) => (id, index)).ToDictionary(p => p.id, p => p.index);
        var changes = new List<StepChange>();
        var keptSoFar = 0;
        foreach (var (index, (draft, kept)) in Steps.Index())
        {
            if (kept is null)
                changes.Add(Change(StepChangeKind.Added, index + 1, draft.Kind,
                    inserted.TryGetValue(index, out var target) ? Of(target).Waiting : 0, 0, 0));
            else
            {
                var at = Of(kept.Id);
                if (order[kept.Id] != keptSoFar)
                    changes.Add(Change(StepChangeKind.Moved, index + 1, kept.Kind, at.Waiting, at.Reached, 0));
                if (IsChanged(draft, kept))
                    changes.Add(Change(
                        StepChangeKind.Changed, index + 1, kept.Kind, at.Waiting, at.Reached, at.Drafts));
                keptSoFar++;
            }
        }

        changes.AddRange(Removed.Select(gone => Change(
            StepChangeKind.Removed, gone.Step.Position, gone.Step.Kind, Of(gone.Step.Id).Waiting,
            Of(gone.Step.Id).Reached, Of(gone.Step.Id).Drafts)));
        return changes;

        StepCrowd Of(long id) => crowd.GetValueOrDefault(id) ?? new StepCrowd(id, 0, 0, 0);
    }

    /// <summary>True when what people are written, asked or kept waiting by differs.</summary>
    public static bool IsChanged(StepDraft draft, Step kept) =>
        draft.DelayDays != kept.DelayDays || draft.InWorkingDays != kept.InWorkingDays
        || draft.EndsHere != kept.EndsHere || draft.Manual != kept.Manual
        || IsReworded(draft, kept) || IsOtherQuestion(draft.Condition, kept.Condition);

    public static bool IsReworded(StepDraft draft, Step kept) =>
        !draft.Variants.Select(text => (text.Subject, text.Body, text.Weight)).SequenceEqual(
            kept.Variants.Select(text => (text.Subject, text.Body, text.Weight)));

    static bool IsOtherQuestion(ConditionDraft? draft, StepCondition? kept) =>
        (draft?.Test, draft?.Field, draft?.Operator, draft?.Value, draft?.WindowDays)
            != (kept?.Test, kept?.Field, kept?.Operator, kept?.Value, kept?.WindowDays);

    static StepChange Change(
        StepChangeKind kind, int position, StepKind stepKind, long waiting, long reached, long drafts) =>
        new(kind, position, stepKind, waiting, reached, drafts);

    long? FollowerOf(Step removed, HashSet<long> kept) => removed.EndsHere
        ? null
        : before.FirstOrDefault(step => step.Position > removed.Position && kept.Contains(step.Id))?.Id;

    long? PreviousKept(Step step)
    {
        var kept = KeptInOrder();
        var at = kept.IndexOf(step.Id);
        return at > 0 ? kept[at - 1] : null;
    }

    /// <summary>The kept steps in the order they had.</summary>
    List<long> KeptInOrder()
    {
        var kept = Steps.Where(pair => pair.Kept is not null).Select(pair => pair.Kept!.Id).ToHashSet();
        return [.. before.Where(step => kept.Contains(step.Id)).Select(step => step.Id)];
    }
}
