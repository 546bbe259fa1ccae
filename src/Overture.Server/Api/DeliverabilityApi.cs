using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>How our senders are received, and the days on which nobody is written to.</summary>
static class DeliverabilityApi
{
    public static void MapDeliverability(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/deliverability").WithTags("Deliverability");
        group.MapGet("/domains", Domains).RequireAuthorization(Policies.Viewer)
            .WithSummary("What receivers demand of the sending domains, as last seen");
        group.MapPost("/domains/{domain}/check", Check).RequireAuthorization(Policies.Member)
            .WithSummary("Look its DNS records up now");
        group.MapGet("/senders", Senders).RequireAuthorization(Policies.Viewer)
            .WithSummary("What left from each mailbox and what came back, the worst first");
        api.MapGet("/holidays", ListHolidays).RequireAuthorization(Policies.Viewer).WithTags("Mailboxes")
            .WithSummary("The days on which nobody is written to");
        api.MapPut("/holidays", PutHolidays).RequireAuthorization(Policies.Admin).WithTags("Mailboxes")
            .WithSummary("Replace the list of holidays");
        api.MapPost("/holidays", AddHoliday).RequireAuthorization(Policies.Admin).WithTags("Mailboxes")
            .WithSummary("Add one holiday, everywhere or in a country");
        api.MapDelete("/holidays/{day}", RemoveHoliday).RequireAuthorization(Policies.Admin)
            .WithTags("Mailboxes").WithSummary("Remove one holiday");
    }

    static async Task<Listing<SenderDomain>> Domains(
        HttpContext http, CheckDomains check, CancellationToken cancel)
    {
        var all = await check.List(http.Caller().WorkspaceId, cancel);
        return new Listing<SenderDomain>(all, false, null, all.Count);
    }

    static Task<SenderDomain> Check(
        string domain, HttpContext http, CheckDomains check, CancellationToken cancel) =>
        check.Look(http.Caller().WorkspaceId, domain, cancel);

    static async Task<Listing<SenderHealthView>> Senders(
        HttpContext http, DeliverabilityReport report, int? days, CancellationToken cancel)
    {
        var all = await report.Senders(
            http.Caller().WorkspaceId, Math.Clamp(days ?? DeliverabilityReport.Spans[0], 1, 90), cancel);
        return new Listing<SenderHealthView>([.. all.Select(SenderHealthView.Of)], false, null, all.Count);
    }

    static async Task<Listing<Holiday>> ListHolidays(
        HttpContext http, Holidays holidays, CancellationToken cancel)
    {
        var all = await holidays.List(http.Caller().WorkspaceId, cancel);
        return new Listing<Holiday>(all, false, null, all.Count);
    }

    static async Task<Listing<Holiday>> PutHolidays(
        IReadOnlyList<Holiday> given, HttpContext http, Holidays holidays, CancellationToken cancel)
    {
        await holidays.Put(http.Caller().WorkspaceId, given, cancel);
        return await ListHolidays(http, holidays, cancel);
    }

    static async Task<NoContent> AddHoliday(
        Holiday given, HttpContext http, Holidays holidays, CancellationToken cancel)
    {
        await holidays.Add(http.Caller().WorkspaceId, given, cancel);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> RemoveHoliday(
        DateOnly day, string? country, HttpContext http, Holidays holidays, CancellationToken cancel)
    {
        await holidays.Remove(http.Caller().WorkspaceId, day, country ?? "", cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>A mailbox's standing without its settings.</summary>
public sealed record SenderHealthView(
    long MailboxId, string Address, SenderBand Band, long Sent, long Bounced, long Complained, long Replied,
    int SentToday, int AllowedToday)
{
    public static SenderHealthView Of(SenderHealth one) => new(
        one.Mailbox.Id, one.Mailbox.Address, one.Band, one.Record.Sent, one.Record.Bounced,
        one.Record.Complained, one.Record.Replied, one.SentToday, one.AllowedToday);
}
