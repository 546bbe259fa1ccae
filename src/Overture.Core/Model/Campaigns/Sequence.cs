using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// The order in which steps follow each other, also for somebody who stands at a step that was removed.
/// </summary>
public sealed class Sequence(IReadOnlyList<Step> stepsAndRemoved)
{
    readonly Dictionary<long, Step> byId = stepsAndRemoved.ToDictionary(step => step.Id);
    readonly List<Step> inOrder =
        [.. stepsAndRemoved.Where(step => !step.IsRemoved).OrderBy(step => step.Position)];

    public IReadOnlyList<Step> Steps => inOrder;

    public Step? First => inOrder.Count > 0 ? inOrder[0] : null;

    public Step? Find(long? id) => id is { } known ? byId.GetValueOrDefault(known) : null;

    /// <summary>
    /// The step that follows; null when the sequence ends here. A branch is not asked: see <see cref="Way"/>.
    /// </summary>
    public Step? After(Step step) =>
        step.IsRemoved ? Standing(Find(step.FollowerId))
        : step.EndsHere ? null
        : inOrder.FirstOrDefault(later => later.Position > step.Position);

    /// <summary>Where a condition's answer leads; null ends the sequence.</summary>
    public Step? Way(StepCondition condition, bool yes) =>
        Standing(Find(yes ? condition.YesStepId : condition.NoStepId));

    internal static async Task<Sequence> Load(Session session, long campaignId, CancellationToken cancel) =>
        new(await StepStore.WithRemoved(session, campaignId, cancel));

    // A follower was in the order when the step was removed, so the chain only ever leads to later removals.
    Step? Standing(Step? step)
    {
        while (step is { IsRemoved: true }) step = Find(step.FollowerId);
        return step;
    }
}
