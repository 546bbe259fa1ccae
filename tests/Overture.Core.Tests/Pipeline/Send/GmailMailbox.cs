using System.Runtime.Versioning;
using Microsoft.AspNetCore.WebUtilities;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>A workspace with one mailbox that is connected to a played Gmail account.</summary>
[SupportedOSPlatform("linux")]
sealed class GmailMailbox : IAsyncDisposable
{
    public const string By = "user 1";

    GmailMailbox(TestWorkspace test, GmailSink gmail) => (Test, Gmail) = (test, gmail);

    public TestWorkspace Test { get; }

    public GmailSink Gmail { get; }

    public long Id { get; private set; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connected, and so many people written to but nothing sent yet.</summary>
    public static async Task<GmailMailbox> Ready(int leads, TimeProvider? time = null)
    {
        var made = await Create(time);
        await made.Connect();
        await made.Test.AddLeads(leads);
        await made.Test.Start(
            made.Id, TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 3));
        await made.Test.Write();
        return made;
    }

    /// <summary>Registered, and nobody has consented yet.</summary>
    public static async Task<GmailMailbox> Create(TimeProvider? time = null)
    {
        var sink = await GmailSink.Start();
        var clock = time ?? new ManualTime();
        sink.Time = clock;
        sink.Now = clock.GetUtcNow();
        var test = await TestWorkspace.Create(clock, providers: sink.Url);
        var made = new GmailMailbox(test, sink)
        {
            Id = await test.AddMailbox(null, draft => draft with { Address = GmailSink.Address }),
        };
        await test.Get<GmailAccounts>().Register(
            test.Id, made.Id, GmailSink.ClientId, GmailSink.ClientSecret, Cancel);
        return made;
    }

    /// <summary>A person begins, consents at Google, and comes back.</summary>
    public async Task Connect()
    {
        var (state, code, _) = await Consent();
        await Test.Get<ConnectGmail>().Finish(Test.Id, state, code, null, By, Cancel);
    }

    /// <summary>What Google sends the person back with.</summary>
    public async Task<(string? State, string? Code, Uri Asked)> Consent()
    {
        var asked = await Test.Get<ConnectGmail>().Begin(Test.Id, Id, By, Cancel);
        using var browser = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var page = new HttpRequestMessage(HttpMethod.Get, asked);
        using var answer = await browser.SendAsync(page, Cancel);
        var back = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return (back["state"], back.TryGetValue("code", out var code) ? code.ToString() : null, asked);
    }

    /// <summary>The mailbox's state, and what it waits for.</summary>
    public Task<Mailbox> Now() => Test.Get<Mailboxes>().Get(Test.Id, Id, Cancel);

    /// <summary>A look after a while for what became of the uncertain.</summary>
    public Task<int> Verify(int minutes = 2)
    {
        if (Test.Time is ManualTime clock) clock.Advance(TimeSpan.FromMinutes(minutes));
        return Test.Get<VerifySends>().Run(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Test.DisposeAsync();
        await Gmail.DisposeAsync();
    }
}
