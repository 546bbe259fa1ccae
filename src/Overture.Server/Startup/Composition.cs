using Overture.Core.Data;
using Overture.Core.Health;
using Overture.Core.Model;
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
        services.AddModel();
        services.AddHealth(options);
        return services;
    }

    static void AddModel(this IServiceCollection services)
    {
        services.AddSingleton<SignIns>();
        services.AddSingleton<SetupClaims>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Workspaces>();
    }

    static void AddHealth(this IServiceCollection services, OvertureOptions options)
    {
        services.AddSingleton<IHealthCheck, DatabaseReachable>();
        services.AddSingleton<IHealthCheck, MigrationsCurrent>();
        services.AddSingleton<IHealthCheck, ClockAgrees>();
        services.AddSingleton<IHealthCheck>(_ => new DiskHasSpace(options.DataFolder));
        services.AddSingleton<IHealthCheck>(_ => new DataFolderIsPrivate(options.DataFolder, options.KeyFile));
        services.AddSingleton<Doctor>();
    }
}
