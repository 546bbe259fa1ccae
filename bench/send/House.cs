using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Providers.Outbound;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Overture.Bench.Send;

/// <summary>
/// The product's parts, put together as the server does, with as many connections as are asked for.
/// </summary>
static class House
{
    public static ServiceProvider Build(Database database, int connections) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(database).AddSingleton(TimeProvider.System)
        .AddSingleton(new SecretBox(new byte[SecretBox.KeyBytes]))
        .AddSingleton<Workspaces>().AddSingleton<Leads>().AddSingleton<Suppressions>()
        .AddSingleton<Mailboxes>().AddSingleton<Campaigns>().AddSingleton<Rankings>()
        .AddPipeline(new Uri("https://overture.example"))
        .AddProviders(
            new OutboundOptions(), new ProviderAddresses(new Uri("http://127.0.0.1:1")),
            () => throw new InvalidOperationException("No provider is asked here."))
        .AddSingleton(new SmtpPool(
            new SmtpPoolOptions { ConnectionsPerHost = connections, RentalsPerSession = int.MaxValue },
            TimeProvider.System))
        .BuildServiceProvider();
}
