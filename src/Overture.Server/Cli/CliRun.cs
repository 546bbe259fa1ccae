using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Configuration;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>
/// One run of one verb. The database is opened when the verb first asks for something in it.
/// </summary>
public sealed class CliRun(CliHost host, ParseResult parsed) : IAsyncDisposable
{
    /// <summary>Who the audit trail names when a human acts from the shell.</summary>
    public const string By = "command line";

    OpenedDatabase? opened;
    ServiceProvider? services;

    public ParseResult Args { get; } = parsed;

    public Output Out { get; } = new(parsed.GetValue(host.Json));

    public bool MayAsk => !Args.GetValue(host.NoInput) && !Console.IsInputRedirected && !Out.IsJson;

    /// <summary>
    /// Asks before what cannot be taken back. <c>--yes</c> has answered already; where nobody can be asked,
    /// nothing is done.
    /// </summary>
    public void Confirm(string consequence, Option<bool> yes)
    {
        if (Args.GetValue(yes)) return;
        if (!MayAsk)
            throw new RuleBroken("not_confirmed", $"{consequence} Repeat the command with {yes.Name}.");
        Out.Say(consequence);
        if (!Out.Ask("Go on?")) throw new OperationCanceledException();
    }

    /// <summary>The configuration of appsettings.json, the environment and --database, checked.</summary>
    public OvertureOptions Options()
    {
        var options = OptionsReader.Read(
            new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables()
                .Build());
        return Args.GetValue(host.Database) is { } given ? options with { Database = given } : options;
    }

    /// <summary>A verb of the model, on a database whose schema is current.</summary>
    public async Task<T> Get<T>(CancellationToken cancel)
        where T : notnull
    {
        services ??= await Open(migrate: true, cancel);
        return services.GetRequiredService<T>();
    }

    /// <summary>The same without touching the schema, for the doctor.</summary>
    public async Task<T> GetAsFound<T>(CancellationToken cancel)
        where T : notnull
    {
        services ??= await Open(migrate: false, cancel);
        return services.GetRequiredService<T>();
    }

    /// <summary>The workspace meant: the one named by --workspace, or the only one there is.</summary>
    public async Task<Workspace> Workspace(CancellationToken cancel)
    {
        var all = await (await Get<Workspaces>(cancel)).All(cancel);
        var names = string.Join(", ", all.Select(workspace => $"{workspace.Name} ({workspace.Id})"));
        if (Args.GetValue(host.Workspace) is { } wanted)
            return all.FirstOrDefault(workspace => workspace.Id.ToString() == wanted)
                ?? all.FirstOrDefault(w => w.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
                ?? throw new RuleBroken(
                    "not_found", $"There is no workspace “{wanted}”. There are: {names}.");
        return all.Count switch
        {
            1 => all[0],
            0 => await First(cancel),
            _ => throw new RuleBroken(
                "workspace_needed", $"Say which workspace with --workspace. There are: {names}.",
                "workspace"),
        };
    }

    /// <summary>
    /// A new instance gets its workspace from the first command; the claim link finds it later.
    /// </summary>
    async Task<Workspace> First(CancellationToken cancel)
    {
        const string Name = "Workspace";
        var workspaces = await Get<Workspaces>(cancel);
        Out.Say($"Made the first workspace, “{Name}”. “overture setup-link” gives it an owner.");
        return await workspaces.Get(await workspaces.Add(Name, "UTC", cancel), cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null) await services.DisposeAsync();
        if (opened is not null) await opened.DisposeAsync();
    }

    async Task<ServiceProvider> Open(bool migrate, CancellationToken cancel)
    {
        var (options, time, log) = (Options(), TimeProvider.System, Out.Log());
        opened = migrate
            ? await OpenedDatabase.OpenCurrent(options, log, time, cancel)
            : await OpenedDatabase.Open(options, log, time, cancel);
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.AddProvider(Out.LogProvider()));
        return collection.AddOverture(options, opened.Database, time).BuildServiceProvider();
    }
}
