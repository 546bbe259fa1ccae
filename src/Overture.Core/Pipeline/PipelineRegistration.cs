using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Mail;
using Overture.Mail.Dns;
using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>The phases, their jobs and their parts, for whoever hosts them.</summary>
public static class PipelineRegistration
{
    public static IServiceCollection AddPipeline(this IServiceCollection services, Uri publicUrl)
    {
        services.AddSingleton(provider =>
        {
            var box = provider.GetRequiredService<SecretBox>();
            provider.GetRequiredService<Database>()
                .KnowErasedBy(new Lazy<byte[]>(() => box.Derive(PersonalData.KeyPurpose)));
            return new SendingIdentity(publicUrl, box.Derive("message identity"));
        });
        services.AddSingleton<ITemplateCheck, TemplateCheck>();
        services.AddSingleton<Intake>();
        services.AddSingleton<AddLead>();
        services.AddSingleton<Imports>();
        services.AddSingleton<LeadExport>();
        services.AddSingleton<LeadLists>();
        services.AddSingleton<Duplicates>();
        services.AddSingleton<Questions>();
        services.AddSingleton<ProviderQuestions>();
        services.AddSingleton<Waterfall>();
        services.AddSingleton<ApplyLearned>();
        services.AddSingleton<SearchIndex>();
        services.AddSingleton<ForgetImports>();
        services.AddSingleton<EnrichLeads>();
        services.AddSingleton<ServingModels>();
        services.AddSingleton<Discoveries>();
        services.AddSingleton<DiscoverySources>();
        services.AddSingleton<DiscoverLeads>();
        services.AddSingleton<StartDueDiscoveries>();
        services.AddSingleton<RankLeads>();
        services.AddSingleton<RankPreview>();
        services.AddSingleton<TrainingSet>();
        services.AddSingleton<NightlyTraining>();
        services.AddSingleton<LearnedModels>();
        services.AddSingleton<EnrollAudience>();
        services.AddSingleton<WriteTouch>();
        services.AddSingleton<ComposeMessages>();
        services.AddSingleton<PlanApproved>();
        services.AddSingleton<Enrollments>();
        services.AddSingleton<HumanTasks>();
        services.AddSingleton<Approvals>();
        services.AddSingleton<Segments>();
        services.AddSingleton<PreviewMessage>();
        services.AddSending();
        services.AddSingleton<Unsubscribe>();
        services.AddListening();
        services.AddSingleton<Phases>();
        services.AddSingleton<Demo>();
        return services.AddJobKinds();
    }

    static void AddSending(this IServiceCollection services)
    {
        services.AddSingleton(
            provider => new SmtpPool(new SmtpPoolOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<CaptureTransport>();
        services.AddSingleton<GmailTransport>();
        services.AddSingleton<Transports>();
        services.AddSingleton<RecordOutcome>();
        services.AddSingleton<DomainKeys>();
        services.AddSingleton<LetterWriter>();
        services.AddSingleton<SendLedger>();
        services.AddSingleton<Recording>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<SendDue>();
        services.AddSingleton<SendLoop>();
        services.AddSingleton<SentFolder>();
        services.AddSingleton<GmailFate>();
        services.AddSingleton<VerifySends>();
        services.AddSingleton<SettleSend>();
        services.AddSingleton<SendRecovery>();
        services.AddSingleton<TestMailbox>();
        services.AddSingleton<SendTestMessage>();
        services.AddSingleton<WhyNot>();
        services.AddSingleton<SimulateCampaign>();
        services.AddSingleton<Guardrails>();
        services.AddSingleton<IDnsSource>(
            provider => new DnsClient(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CheckDomains>();
        services.AddSingleton<Holidays>();
        services.AddSingleton<ReviewCampaign>();
        services.AddSingleton<LaunchCampaign>();
        services.AddSingleton<SendCampaignTest>();
    }

    static void AddListening(this IServiceCollection services)
    {
        services.AddSingleton<OpenMailbox>();
        services.AddSingleton<TakeMail>();
        services.AddSingleton<ScanGmail>();
        services.AddSingleton<ScanMailbox>();
        services.AddSingleton<ListenToMailboxes>();
        services.AddSingleton<WatchMailboxes>();
        services.AddSingleton<MailboxReaders>();
        services.AddSingleton<Conversations>();
        services.AddSingleton<PersonalData>();
        services.AddSingleton<Trackings>();
        services.AddSingleton<RecordVisit>();
        services.AddSingleton<NotNow>();
        services.AddSingleton<SendAnswers>();
        services.AddSingleton<TestMailboxReader>();
    }

    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddSingleton<PipelineReport>();
        services.AddSingleton<CampaignReport>();
        services.AddSingleton<DryRunReport>();
        services.AddSingleton<SequenceReport>();
        services.AddSingleton<EnrollmentReport>();
        services.AddSingleton<TaskReport>();
        services.AddSingleton<ApprovalReport>();
        services.AddSingleton<MessageReport>();
        services.AddSingleton<CompanyReport>();
        services.AddSingleton<DeliverabilityReport>();
        services.AddSingleton<TodayReport>();
        services.AddSingleton<InboxReport>();
        services.AddSingleton<RankingReport>();
        return services;
    }

    /// <summary>The one way out to providers, and the clients that use it.</summary>
    public static IServiceCollection AddProviders(
        this IServiceCollection services, OutboundOptions outbound, ProviderAddresses addresses,
        Func<SecEdgarOptions> secEdgar)
    {
        services.AddSingleton(addresses);
        services.AddSingleton<GmailAccounts>();
        services.AddSingleton<GmailClients>();
        services.AddSingleton<ConnectGmail>();
        services.AddSingleton<Integrations>();
        services.AddSingleton<Waterfalls>();
        services.AddSingleton<IRateLimit, DatabaseRateLimit>();
        services.AddSingleton<IBreakers, DatabaseBreakers>();
        services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            return new OutboundHttp(
                outbound, provider.GetRequiredService<IRateLimit>(),
                provider.GetRequiredService<IBreakers>(),
                // Nothing is called on nobody's account; ProviderClients names the workspace that pays.
                new ProcessBudget(time), new NoCallLog(), time,
                // Spreads retries only; a seed from the process keeps two nodes apart.
                new Random(Environment.ProcessId));
        });
        services.AddSingleton(provider => new ProviderClients(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Integrations>(),
            provider.GetRequiredService<OutboundHttp>(), addresses, secEdgar,
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    static IServiceCollection AddJobKinds(this IServiceCollection services)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<JobWorker>();
        services.AddSingleton<CollectSynthetic>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<CollectSynthetic>());
        services.AddSingleton<IJobKind, RunPipeline>();
        services.AddSingleton<IJobKind, CollectSecEdgar>();
        services.AddSingleton<IJobKind, ImportFile>();
        services.AddSingleton<IJobKind, UndoImport>();
        services.AddSingleton<IJobKind, TrainRanking>();
        services.AddSingleton<IJobKind, EnrichAgain>();
        services.AddSingleton<IJobKind, ReplayRaw>();
        services.AddSingleton<IJobKind>(provider => provider.GetRequiredService<DiscoverLeads>());
        services.AddSingleton<IJobKind, TakeProposals>();
        services.AddSingleton<IJobKind, FindExecutives>();
        services.AddSingleton<IJobKind, CollectCrm>();
        return services;
    }
}
