using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Mail;

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
        services.AddSingleton<EnrichLeads>();
        services.AddSingleton<RankLeads>();
        services.AddSingleton<EnrollAudience>();
        services.AddSingleton<ComposeMessages>();
        services.AddSingleton<PreviewMessage>();
        services.AddSingleton(provider => new SmtpPool(new SmtpPoolOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<CaptureTransport>();
        services.AddSingleton<RecordOutcome>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<SendDue>();
        services.AddSingleton<SendRecovery>();
        services.AddSingleton<TestMailbox>();
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
        return services;
    }

    static IServiceCollection AddJobKinds(this IServiceCollection services)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<CollectSynthetic>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<CollectSynthetic>());
        services.AddSingleton<IJobKind, RunPipeline>();
        return services;
    }
}
