using Overture.Core.Data;
using Overture.Core.Health;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>What the command line and the web share: the verbs of the model and the health checks.</summary>
public static class Composition
{
    public static IServiceCollection AddOverture(
        this IServiceCollection services, OvertureOptions options, Database database, TimeProvider time)
    {
        services.AddSingleton(options);
        services.AddSingleton(database);
        services.AddSingleton(database.Source);
        services.AddSingleton(time);
        services.AddSingleton(_ => SecretKeyFile.Load(options.SecretKey, options.KeyFile));
        database.KnowErasedBy(new Lazy<byte[]>(
            () => SecretKeyFile.Load(options.SecretKey, options.KeyFile).Derive(PersonalData.KeyPurpose)));
        services.AddModel();
        services.AddPipeline(new Uri(options.PublicAddress));
        services.AddReports();
        services.AddProviders(OutboundFor(options), AddressesFor(options), () => SecEdgarFor(options));
        services.AddSingleton<DemoRun>();
        services.AddHealth(options);
        return services;
    }

    /// <summary>
    /// This computer is reached only when the configuration itself names it, for recorded answers.
    /// </summary>
    static OutboundOptions OutboundFor(OvertureOptions options)
    {
        var isLocal = new Uri(options.SecEdgarUrl).IsLoopback
            || AddressesFor(options).Root?.IsLoopback == true;
        return new OutboundOptions { AllowLoopback = isLocal, AllowPlainHttp = isLocal };
    }

    static ProviderAddresses AddressesFor(OvertureOptions options) =>
        new(options.ProvidersUrl is { } root ? new Uri(root) : null);

    static SecEdgarOptions SecEdgarFor(OvertureOptions options)
    {
        var address = new Uri(options.SecEdgarUrl);
        return address.IsLoopback
            ? new SecEdgarOptions
            {
                ArchivesBaseUrl = address, DataBaseUrl = address, SearchBaseUrl = address,
                UserAgent = options.SecEdgarUserAgent ?? "Overture trial@overture.example",
            }
            : new SecEdgarOptions { ArchivesBaseUrl = address, UserAgent = options.SecEdgarUserAgent ?? "" };
    }

    static void AddModel(this IServiceCollection services)
    {
        services.AddSingleton<SignIns>();
        services.AddSingleton<SetupClaims>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Workspaces>();
        services.AddSingleton<Companies>();
        services.AddSingleton<Leads>();
        services.AddSingleton<Suppressions>();
        services.AddSingleton<Mailboxes>();
        services.AddSingleton(provider => new Quarantine(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<OvertureOptions>().DataFolder,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CampaignSenders>();
        services.AddSingleton<Campaigns>();
        services.AddSingleton<Rankings>();
    }

    static void AddHealth(this IServiceCollection services, OvertureOptions options)
    {
        services.AddSingleton<IHealthCheck, DatabaseReachable>();
        services.AddSingleton<IHealthCheck, MigrationsCurrent>();
        services.AddSingleton<IHealthCheck, ClockAgrees>();
        services.AddSingleton<IHealthCheck, SendingIsRecorded>();
        services.AddSingleton<IHealthCheck, NotInQuarantine>();
        services.AddSingleton<IHealthCheck, JobsAreTaken>();
        services.AddSingleton<IHealthCheck>(_ => new DiskHasSpace(options.DataFolder));
        services.AddSingleton<IHealthCheck>(
            _ => new DataFolderIsPrivate(options.DataFolder, options.KeyFile));
        services.AddSingleton<Doctor>();
        services.AddSingleton<SenderDoctor>();
    }
}
