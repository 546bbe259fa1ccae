using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class InstanceApi
{
    public static void MapInstance(this IEndpointRouteBuilder api)
    {
        var instance = api.MapGroup("/instance").WithTags("Instance");
        instance.MapGet("", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("Which database this is, in which epoch, and whether it is in quarantine");
        instance.MapPost("/release", Release).RequireAuthorization(Policies.Admin)
            .WithSummary("End the quarantine: this is the instance that should send");
        var keys = api.MapGroup("/domain-keys").WithTags("Mailboxes");
        keys.MapGet("", Keys).RequireAuthorization(Policies.Viewer)
            .WithSummary("Domains whose mail is signed, and the DNS records to check it with");
        keys.MapPut("/{domain}", PutKey).RequireAuthorization(Policies.Admin)
            .WithSummary("Sign what leaves from a domain, with a new key or a given one");
        keys.MapDelete("/{domain}", RemoveKey).RequireAuthorization(Policies.Admin)
            .WithSummary("Sign no longer what leaves from a domain");
    }

    static Task<InstanceRow?> Get(Quarantine quarantine, CancellationToken cancel) =>
        quarantine.Find(cancel);

    static async Task<InstanceRow?> Release(
        HttpContext http, Quarantine quarantine, CancellationToken cancel)
    {
        await quarantine.Release(http.Caller().Name, cancel);
        return await quarantine.Find(cancel);
    }

    static Task<IReadOnlyList<DomainKey>> Keys(
        HttpContext http, DomainKeys keys, CancellationToken cancel) =>
        keys.List(http.Caller().WorkspaceId, cancel);

    static Task<DomainKey> PutKey(
        string domain, NewDomainKey key, HttpContext http, DomainKeys keys, CancellationToken cancel) =>
        keys.Put(http.Caller().WorkspaceId, domain, key.Selector, key.PrivateKey, cancel);

    static async Task<NoContent> RemoveKey(
        string domain, HttpContext http, DomainKeys keys, CancellationToken cancel)
    {
        await keys.Remove(http.Caller().WorkspaceId, domain, cancel);
        return TypedResults.NoContent();
    }
}

public sealed record NewDomainKey(string Selector = "overture", string? PrivateKey = null);
