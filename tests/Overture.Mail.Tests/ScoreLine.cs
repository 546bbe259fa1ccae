namespace Overture.Mail.Tests;

/// <summary>One line of the table that scripts/mail-scores prints: ours beside the peers'.</summary>
static class ScoreLine
{
    const string Mark = "score:";

    /// <param name="what">The corpus and what is counted.</param>
    /// <param name="right">Ours that agree with the label.</param>
    /// <param name="all">All labels.</param>
    /// <param name="peers">Their scores on the sealed half of the same corpus.</param>
    public static string Of(string what, int right, int all, string peers) =>
        $"{Mark} {what,-36} {right,5}/{all,-5} {100.0 * right / Math.Max(all, 1),5:F1} %   {peers}";
}
