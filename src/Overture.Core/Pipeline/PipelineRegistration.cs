using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Mail;
using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>The phases, their jobs and their parts, for whoever hosts them.</summary>
public static class PipelineRegistration
{
    public static IServiceCollection AddPipeline(this IServiceCollection services, Uri publicUrl)
    {
        services.AddSingleton(provider => new SendingIdentity(
            publicUrl, provider.GetRequiredService<SecretBox>().Derive("message identity")));
        services.AddSingleton<ITemplateCheck, TemplateCheck>();
        services.AddSingleton<Intake>();
        services.AddSingleton<AddLead>();
        services.AddSingleton<Imports>();
        services.AddSingleton<LeadExport>();
        services.AddSingleton<LeadLists>();
        services.AddSingleton<Duplicates>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<ForgetImports>();
        services.AddSingleton<EnrichLeads>();
        services.AddSingleton<RankLeads>();
        services.AddSingleton<EnrollAudience>();
        services.AddSingleton<ComposeMessages>();
        services.AddSingleton<PreviewMessage>();
        services.AddSingleton(
            provider => new SmtpPool(new SmtpPoolOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<CaptureTransport>();
        services.AddSingleton<RecordOutcome>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<SendDue>();
        services.AddSingleton<SendRecovery>();
        services.AddSingleton<TestMailbox>();
        services.AddSingleton<SendTestMessage>();
        services.AddSingleton<WhyNot>();
        services.AddSingleton<Unsubscribe>();
        services.AddSingleton<Phases>();
        services.AddSingleton<Demo>();
        return services.AddJobKinds();
    }

    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddSingleton<PipelineReport>();
        services.AddSingleton<CampaignReport>();
        services.AddSingleton<MessageReport>();
        services.AddSingleton<CompanyReport>();
        services.AddSingleton<TodayReport>();
        return services;
    }

    /// <summary>The one way out to providers, and the clients that use it.</summary>
    public static IServiceCollection AddProviders(
        this IServiceCollection services, OutboundOptions outbound, Func<SecEdgarOptions> secEdgar)
    {
        services.AddSingleton<IRateLimit, ProcessRateLimit>();
        services.AddSingleton<IBudget, ProcessBudget>();
        services.AddSingleton<ICallLog, NoCallLog>();
        services.AddSingleton(provider => new OutboundHttp(
            outbound, provider.GetRequiredService<IRateLimit>(), provider.GetRequiredService<IBudget>(),
            provider.GetRequiredService<ICallLog>(), provider.GetRequiredService<TimeProvider>(),
            // Spreads retries only; a seed from the process keeps two nodes apart.
            new Random(Environment.ProcessId)));
        services.AddSingleton<Func<SecEdgarClient>>(provider => () =>
        {
            var options = secEdgar();
            if (options.Problems() is { Count: > 0 } problems)
                throw new RuleBroken(
                    "provider_not_configured",
                    string.Join(' ', problems) + " Set Overture__SecEdgarUserAgent.");
            return new SecEdgarClient(options, provider.GetRequiredService<OutboundHttp>());
        });
        return services;
    }

    static IServiceCollection AddJobKinds(this IServiceCollection services)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<CollectSynthetic>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<CollectSynthetic>());
        services.AddSingleton<IJobKind, RunPipeline>();
        services.AddSingleton<IJobKind, CollectSecEdgar>();
        services.AddSingleton<IJobKind, ImportFile>();
        services.AddSingleton<IJobKind, UndoImport>();
        return services;
    }
}
