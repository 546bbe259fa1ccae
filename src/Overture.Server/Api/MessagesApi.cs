using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class MessagesApi
{
    public static void MapMessages(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages");
        messages.MapGet("/uncertain", Uncertain).RequireAuthorization(Policies.Viewer)
            .WithSummary("Messages of which nobody knows yet whether they arrived");
        messages.MapGet("/{id:long}/evidence", Evidence).RequireAuthorization(Policies.Viewer)
            .WithSummary("What was searched for an uncertain message, where, when, and what was seen");
        messages.MapPost("/{id:long}/settle", Settle).RequireAuthorization(Policies.Member)
            .WithSummary("Say what became of a message that may have been sent");
    }

    static Task<IReadOnlyList<UncertainMessage>> Uncertain(
        HttpContext http, SettleSend sends, CancellationToken cancel) =>
        sends.Open(http.Caller().WorkspaceId, cancel);

    static Task<IReadOnlyList<SendEvidence>> Evidence(
        long id, HttpContext http, SettleSend sends, CancellationToken cancel) =>
        sends.Evidence(http.Caller().WorkspaceId, id, cancel);

    static async Task<NoContent> Settle(
        long id, SettleRequest request, HttpContext http, SettleSend sends, CancellationToken cancel)
    {
        var by = http.Caller();
        await sends.Settle(by.WorkspaceId, id, request.Verdict, by.Name, cancel);
        return TypedResults.NoContent();
    }
}

public sealed record SettleRequest(Verdict Verdict);
