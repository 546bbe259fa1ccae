using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Tests.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class IntegrationsTests
{
    const string Secret = "sk-this-is-the-key";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_credential_is_kept_sealed_and_forgotten_on_request()
    {
        await using var test = await TestWorkspace.Create();
        await Connect(test, "hunter", ("api_key", Secret));
        var kept = await test.Ask<byte[]>("select credential from integrations");
        Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.Single(await test.Get<Integrations>().List(test.Id, Cancel));
        await test.Get<Integrations>().Disconnect(test.Id, "hunter", Cancel);
        Assert.Equal(0, await test.Ask<long>("select count(*) from integrations"));
        var gone = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<Integrations>().Disconnect(test.Id, "hunter", Cancel));
        Assert.Equal("not_found", gone.Code);
    }

    [Theory]
    [InlineData("hunter", "api_key", "", "credential_missing")]
    [InlineData("hunter", "api_key", "two words", "bad_credential")]
    [InlineData("dataforseo", "login", "me", "credential_missing")]
    [InlineData("nobody", "api_key", "x", "unknown_provider")]
    public async Task A_credential_that_cannot_work_is_refused_at_once(
        string provider, string field, string value, string code)
    {
        await using var test = await TestWorkspace.Create();
        var refused = await Assert.ThrowsAsync<RuleBroken>(() => Connect(test, provider, (field, value)));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task A_test_call_tells_whether_the_key_works_and_never_the_key()
    {
        await using var known = await KnownPeople.Start();
        await using var test = await TestWorkspace.Create(providers: known.Url);
        await Connect(test, "hunter", ("api_key", Secret));
        var good = await test.Get<ProviderClients>().Test(test.Id, "hunter", Cancel);
        Assert.True(good.Works, good.Sentence);
        Assert.Equal("Test", good.Allowance!.Plan);
        known.Server.Responder = _ => RecordedAnswer.Json(
            $$"""{"errors":[{"id":"authentication_failed","code":401,"details":"No user for {{Secret}}"}]}""", 401);
        var bad = await test.Get<ProviderClients>().Test(test.Id, "hunter", Cancel);
        Assert.False(bad.Works);
        Assert.Contains("does not accept the key", bad.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, bad.Sentence, StringComparison.Ordinal);
        var calls = await test.List<string>("select c::text from provider_calls c");
        Assert.Equal(3, calls.Count);
        Assert.All(calls, call => Assert.DoesNotContain(Secret, call, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_service_can_be_connected_and_gives_a_client(string provider)
    {
        await using var test = await TestWorkspace.Create();
        var kind = ProviderKind.Of(provider);
        var values = kind.Fields.Select(field => (field.Name, "AcmeCo-a@acme.example")).ToArray();
        await Connect(test, provider, values);
        Assert.NotNull(await test.Get<ProviderClients>().Get<object>(test.Id, provider, Cancel));
    }

    public static TheoryData<string> All => [.. ProviderKind.All.Select(kind => kind.Name)];

    static Task Connect(TestWorkspace test, string provider, params (string Name, string Value)[] values) =>
        test.Get<Integrations>().Connect(
            test.Id, provider, values.ToDictionary(pair => pair.Name, pair => (string?)pair.Value), null, "test",
            Cancel);
}
