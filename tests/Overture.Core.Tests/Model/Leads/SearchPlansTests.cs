using System.Runtime.Versioning;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

/// <summary>
/// Row-level security keeps most conditions away from the indexes. These are the plans of the application's
/// own role, with reading whole tables ruled out wherever there is another way.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class SearchPlansTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("select from lead_search", "lead_listing_by_words")]
    [InlineData("select from company_search", "companies_by_words")]
    [InlineData("select from vocabulary_search", "search_vocabulary_by_likeness")]
    [InlineData(
        "select from leads where workspace_id = {0} and score_key < 7020 "
        + "order by score_key desc nulls last, id limit 9", "score_key < 7020", true)]
    [InlineData(
        "select from contacts where workspace_id = {0} and (email_host = 'ba.a' "
        + "or (email_host > 'ba.a.' and email_host < 'ba.a/'))", "contacts_by_host")]
    [InlineData(
        "select from contacts where workspace_id = {0} and company_id = 7 and name_hash = hashtext('ann')",
        "company_id = 7) AND (name_hash =", true)]
    public async Task A_search_reaches_its_index(string query, string expected, bool isCondition = false)
    {
        await using var test = await TestWorkspace.Create();
        var plan = await Plan(test, query);
        Assert.Contains(
            isCondition ? $"Index Cond: ((workspace_id = {test.Id}) AND ({expected}" : expected, plan,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select from lead_listing where workspace_id = {0} and words @@ 'ann'", "words @@")]
    [InlineData("select from leads where workspace_id = {0} and score < 70.2", "score <")]
    [InlineData(
        "select from contacts where workspace_id = {0} and reverse(email_key) >= 'ba'", "reverse(email_key)")]
    public async Task A_condition_that_may_leak_is_only_a_filter(string query, string condition)
    {
        await using var test = await TestWorkspace.Create();
        var line = (await Plan(test, query)).Split('\n')
            .Last(line => line.Contains(condition, StringComparison.Ordinal));
        Assert.Contains("Filter:", line, StringComparison.Ordinal);
    }

    static async Task<string> Plan(TestWorkspace test, string query)
    {
        await using var session = await test.Database.Open(test.Id, Cancel);
        await session.Run("set local enable_seqscan = off", null, Cancel);
        await session.Run(
            """
            select set_config('overture.words', '''ann'':*', true), set_config('overture.word', 'ann', true),
                set_config('overture.pattern', '%ann%', true)
            """,
            null, Cancel);
        var lines = await session.List<string>(
            "explain " + string.Format(null, query, test.Id), null, Cancel);
        return string.Join('\n', lines);
    }
}
