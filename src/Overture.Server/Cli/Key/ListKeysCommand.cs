using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListKeysCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("list", "List the API keys of a workspace.", [], async (run, cancel) =>
        {
            var keys = await run.Get<ApiKeys>(cancel);
            var owner = await keys.OwnerOf((await run.Workspace(cancel)).Id, cancel);
            run.Out.Rows(
                await keys.All(owner, cancel),
                ("Id", key => key.Id.ToString()),
                ("Name", key => key.Name),
                ("Key", key => $"ovt_live_{key.PublicId}_…{key.LastFour}"),
                ("Scopes", key => string.Join(", ", key.Scopes)),
                ("Last used", key => key.LastUsedAt?.ToString("u") ?? "never"),
                ("State", key => key.RevokedAt is null ? "active" : "revoked"));
            return ExitCode.Ok;
        });
}
