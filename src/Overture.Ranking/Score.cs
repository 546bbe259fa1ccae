using System.Globalization;

namespace Overture.Ranking;

/// <summary>
/// A number for one lead and why. The points of all reasons add up to the value exactly.
/// </summary>
/// <param name="Value">0 (avoid) to 100 (ideal); 50 when nothing is known.</param>
/// <param name="Reasons">What moved the value, the strongest first, after the starting point.</param>
/// <param name="Unknown">What the profile asks for and nobody knows about this lead; it moved
/// nothing.</param>
/// <param name="IsExcluded">A must-not rule applies: the lead is not to be contacted at all.</param>
public sealed record Score(
    int Value, IReadOnlyList<ScoreReason> Reasons, IReadOnlyList<string> Unknown, bool IsExcluded);

/// <summary>One sentence a salesperson understands and the points it is worth.</summary>
/// <param name="Sentence">For example "Raised $2.0 M 14 days ago".</param>
/// <param name="Points">Signed points on the scale of the score.</param>
public sealed record ScoreReason(string Sentence, int Points)
{
    /// <summary>"Raised $2.0 M 14 days ago: +20".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Sentence}: {(Points > 0 ? "+" : "")}{Points}");
}
