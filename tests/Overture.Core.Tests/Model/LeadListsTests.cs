using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class LeadListsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suppressed_choice_ends_what_runs_towards_it_and_nothing_else()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 3);
        var chosen = await test.Ask<long>("select min(id) from leads");

        var added = await test.Get<LeadLists>().Suppress(
            test.Id, new LeadSelection(new LeadFilter(), [chosen]), "Ada", Cancel);

        Assert.Equal(1, added);
        Assert.Equal("active 2, finished 1", await test.States("enrollments"));
        Assert.Equal("suppressed", await test.Ask<string>(
            "select finish_reason from enrollments where lead_id = @chosen", new { chosen }));
        Assert.Equal("cancelled 1, planned 2", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_list_that_is_an_audience_is_not_deleted_and_a_name_is_taken_once()
    {
        await using var test = await TestWorkspace.Create();
        var lists = test.Get<LeadLists>();
        var fair = await lists.Create(test.Id, "Fair", Cancel);
        var other = await lists.Create(test.Id, "Other", Cancel);
        await test.Get<Campaigns>().Create(
            test.Id,
            new CampaignDraft
            {
                Name = "Hello", MailboxId = await test.AddMailbox(), Steps = [TestWorkspace.Email()],
                Audience = new LeadFilter { ListId = fair },
            },
            Cancel);

        var used = await Assert.ThrowsAsync<RuleBroken>(() => lists.Delete(test.Id, fair, Cancel));
        var taken = await Assert.ThrowsAsync<RuleBroken>(
            () => lists.Rename(test.Id, other, " Fair ", Cancel));
        await lists.Rename(test.Id, fair, "Fair 2026", Cancel);
        await lists.Delete(test.Id, other, Cancel);

        Assert.Equal("The list is the audience of “Hello”. Choose another one there first.", used.Sentence);
        Assert.Equal("list_exists", taken.Code);
        Assert.Equal(["Fair 2026"], (await lists.All(test.Id, Cancel)).Select(list => list.Name));
    }

    [Fact]
    public async Task A_preset_reads_another_file_and_leaves_out_what_is_not_there()
    {
        await using var test = await TestWorkspace.Create();
        var imports = test.Get<Imports>();
        var first = await imports.Upload(
            test.Id, "a.csv", "Who,Where,Notes\nAnn,Graz,x\n"u8.ToArray(), "Ada", Cancel);
        await imports.Map(
            test.Id, first, new Dictionary<string, string> { ["Who"] = "full_name", ["Where"] = "city" },
            DuplicateRule.Skip, Cancel);
        var preset = await imports.SavePreset(test.Id, first, " Fair ", "Ada", Cancel);
        var second = await imports.Upload(
            test.Id, "b.csv", "Who,Mail\nBo,bo@b.example\n"u8.ToArray(), "Ada", Cancel);

        await imports.UsePreset(test.Id, second, preset, Cancel);

        var read = await imports.Get(test.Id, second, Cancel);
        Assert.Equal(new Dictionary<string, string> { ["Who"] = "full_name" }, read.MappingOf());
        Assert.Equal(DuplicateRule.Skip, read.DuplicateRule);
        var kept = Assert.Single(await imports.Presets(test.Id, Cancel));
        Assert.Equal(("Fair", DuplicateRule.Skip), (kept.Name, kept.DuplicateRule));
        Assert.Equal(["Where", "Who"], kept.Columns().Keys.Order());
        Assert.Equal(preset, await imports.SavePreset(test.Id, second, "Fair", "Ada", Cancel));
        Assert.Single((await imports.Presets(test.Id, Cancel)).Single().Columns());
        await imports.DeletePreset(test.Id, preset, Cancel);
        Assert.Empty(await imports.Presets(test.Id, Cancel));
    }
}
