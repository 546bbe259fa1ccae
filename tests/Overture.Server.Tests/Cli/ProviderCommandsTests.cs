namespace Overture.Server.Tests.Cli;

/// <summary>The verbs about providers, run as a process without a database.</summary>
public sealed class ProviderCommandsTests : IDisposable
{
    readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task A_stored_answer_is_read_as_a_live_one()
    {
        await File.WriteAllTextAsync(
            file, """{"data": {"email": "ann@example.com", "score": 97, "first_name": "Ann"}}""");

        var run = await OvertureProcess.WithoutDatabase(
            "provider", "parse", "--provider", "hunter", "--call", "email-finder", file);
        var json = await OvertureProcess.WithoutDatabase(
            "provider", "parse", "--provider", "Hunter", "--call", "email_finder", file, "--json");

        Assert.Equal((0, 0), (run.Exit, json.Exit));
        Assert.Contains("ann@example.com", run.Output);
        Assert.Contains("ann@example.com", Assert.Single(json.Lines()).ToJsonString());
    }

    [Theory]
    [InlineData("hunted", "email_finder", "known are sec_edgar, hunter, apollo")]
    [InlineData("hunter", "guess", "known are domain_search")]
    [InlineData("hunter", "email_finder", "is not an answer to email_finder of hunter")]
    public async Task What_is_unknown_or_unreadable_is_one_sentence(
        string provider, string call, string sentence)
    {
        await File.WriteAllTextAsync(file, "not JSON");

        var run = await OvertureProcess.WithoutDatabase(
            "provider", "parse", "--provider", provider, "--call", call, file);

        Assert.Equal(3, run.Exit);
        Assert.Equal("", run.Output);
        Assert.Contains(sentence, Assert.Single(run.Errors.Trim().Split('\n')));
    }

    [Fact]
    public async Task The_providers_are_listed_with_their_calls()
    {
        var run = await OvertureProcess.WithoutDatabase("provider", "answers");

        Assert.Equal(0, run.Exit);
        Assert.Contains("hunter\tdomain_search, ", run.Output);
    }
}
