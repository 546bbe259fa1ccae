using System.CommandLine;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The tree of commands. A new verb is one file and one line here.</summary>
public sealed class CommandLine
{
    readonly CliHost host = new();
    readonly RootCommand root =
        new("Overture finds people worth writing to, writes to them, and shows what came back.");

    public static CommandLine Create()
    {
        var line = new CommandLine();
        line.host.AddGlobalOptions(line.root);
        line.root.Subcommands.Add(ServeCommand.Build(line.host));
        AddInstance(line);
        line.root.Subcommands.Add(Noun("message", "Messages whose fate a person has to look into.",
            ListUncertainCommand.Build(line.host), SettleMessageCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("key", "API keys for programs.",
            CreateKeyCommand.Build(line.host), ListKeysCommand.Build(line.host),
            RevokeKeyCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("collect", "Find companies and people.",
            SecEdgarCommand.Build(line.host), CrmCommand.HubSpot(line.host), CrmCommand.Lemlist(line.host),
            SyntheticCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("lead", "The people worth writing to.",
            ListLeadsCommand.Build(line.host), ShowLeadCommand.Build(line.host),
            AddLeadCommand.Build(line.host), JudgeLeadCommand.BuildAccept(line.host),
            JudgeLeadCommand.BuildReject(line.host),
            ImportLeadsCommand.Build(line.host), UndoImportCommand.Build(line.host),
            ImportsCommand.Build(line.host), ImportsCommand.BuildPresets(line.host),
            ExportLeadsCommand.Build(line.host), ListsCommand.Build(line.host),
            ViewsCommand.Build(line.host), DuplicatesCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("company", "The organisations they work for.",
            CompanyCommands.BuildList(line.host), CompanyCommands.BuildShow(line.host)));
        line.root.Subcommands.Add(Noun("rank", "The order in which leads are worth writing to.",
            ExplainScoreCommand.Build(line.host), TrainRankingCommand.Build(line.host),
            EvaluateRankingCommand.Build(line.host), ExportTrainingSetCommand.Build(line.host),
            RankingModelsCommand.Build(line.host), PinModelCommand.Pin(line.host),
            PinModelCommand.Unpin(line.host), RankingModeCommand.Build(line.host)));
        AddCampaigns(line);
        line.root.Subcommands.Add(Noun("inbox", "What people wrote back.",
            ListInboxCommand.Build(line.host), ShowInboxCommand.Build(line.host),
            ReplyInboxCommand.Build(line.host), SnoozeInboxCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("person", "What a person may ask of their data.",
            ExportPersonCommand.Build(line.host), ErasePersonCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("pipeline", "The phases from collecting to sending.",
            RunPipelineCommand.Build(line.host), PipelineCountsCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("job", "Everything that takes long.",
            ListJobsCommand.Build(line.host), WatchJobCommand.Build(line.host),
            CancelJobCommand.Build(line.host), RetryJobCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("mailbox", "The addresses we send from.",
            ListMailboxesCommand.Build(line.host), TestMailboxCommand.Build(line.host),
            PauseMailboxCommand.Build(line.host), ResumeMailboxCommand.Build(line.host),
            ConnectGmailCommand.Build(line.host), FinishGmailCommand.Build(line.host),
            ShowGmailCommand.Build(line.host), DisconnectGmailCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("holiday", "Days on which nobody is written to.",
            HolidayCommands.BuildList(line.host), HolidayCommands.BuildAdd(line.host),
            HolidayCommands.BuildRemove(line.host)));
        line.root.Subcommands.Add(Noun("mail", "Messages and the domains that send them.",
            InspectMailCommand.Build(line.host), CheckDomainCommand.Build(line.host),
            SendTestCommand.Build(line.host), SignDomainCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("provider", "The outside services that know companies and people.",
            ListProvidersCommand.Build(line.host), ConnectProviderCommand.Build(line.host),
            TestProviderCommand.Build(line.host), DisconnectProviderCommand.Build(line.host),
            ProviderCallsCommand.Build(line.host), ListAnswersCommand.Build(line.host),
            ParseAnswerCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("enrich", "What is learned of leads from outside.",
            EnrichCommand.Build(line.host), EnrichOrderCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("discover", "People and companies like your ideal customer.",
            [.. DiscoverCommands.Build(line.host), FindExecutivesCommand.Build(line.host)]));
        line.root.Subcommands.Add(Noun("raw", "What outside services sent, byte for byte.",
            ReplayRawCommand.Build(line.host)));
        line.root.Subcommands.Add(SetupLinkCommand.Build(line.host));
        line.root.Subcommands.Add(DoctorCommand.Build(line.host));
        line.root.Subcommands.Add(VersionCommand.Build(line.host));
        line.root.Subcommands.Add(CompletionCommand.Build(line.host));
        line.root.Subcommands.Add(HelpCommand.Build(line.host));
        return line;
    }

    static void AddInstance(CommandLine line)
    {
        line.root.Subcommands.Add(Noun("workspace", "The workspaces of this instance.",
            ListWorkspacesCommand.Build(line.host), CreateWorkspaceCommand.Build(line.host),
            DryRunCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("user", "Who can sign in.",
            ListUsersCommand.Build(line.host), ResetPasswordCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("sending", "The switch that holds all sending back.",
            StopSendingCommand.Build(line.host), ResumeSendingCommand.Build(line.host),
            ReleaseSendingCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("suppression", "Who is never contacted.",
            SuppressionCommands.BuildList(line.host), SuppressionCommands.BuildAdd(line.host),
            SuppressionCommands.BuildReason(line.host), SuppressionCommands.BuildRemove(line.host)));
    }

    static void AddCampaigns(CommandLine line)
    {
        line.root.Subcommands.Add(Noun("campaign", "Campaigns: who is written what, when.",
            ListCampaignsCommand.Build(line.host), ShowCampaignCommand.Build(line.host),
            CreateCampaignCommand.Build(line.host), EditCampaignCommand.Build(line.host),
            StartCampaignCommand.Build(line.host),
            PauseCampaignCommand.Build(line.host), EndCampaignCommand.Build(line.host),
            ArchiveCampaignCommand.Build(line.host), DuplicateCampaignCommand.Build(line.host),
            EndCampaignCommand.BuildRelease(line.host), BlockersCommand.Build(line.host),
            CheckCampaignCommand.Build(line.host), ForecastCommand.Build(line.host),
            SimulateCampaignCommand.Build(line.host), LaunchCampaignCommand.Build(line.host),
            TestCampaignCommand.Build(line.host),
            CampaignCountersCommand.Build(line.host), CampaignStepsCommand.Build(line.host),
            CompareTextsCommand.Build(line.host), CompareTextsCommand.BuildPromote(line.host),
            CampaignSendersCommand.Build(line.host), CampaignTrackingCommand.Build(line.host)));
        line.root.Subcommands.Add(Noun("enrollment", "One contact's way through one campaign.",
            ListEnrollmentsCommand.Build(line.host), ChangeEnrollmentCommand.BuildPause(line.host),
            ChangeEnrollmentCommand.BuildResume(line.host), ChangeEnrollmentCommand.BuildSkip(line.host),
            ChangeEnrollmentCommand.BuildStop(line.host)));
        line.root.Subcommands.Add(Noun("approval", "Messages that leave only when a person has read them.",
            ListApprovalsCommand.Build(line.host), ApproveCommand.Build(line.host),
            ApproveCommand.BuildReject(line.host), ApproveCommand.BuildUndo(line.host)));
        line.root.Subcommands.Add(Noun("task", "What only a person can do.",
            ListTasksCommand.Build(line.host), FinishTaskCommand.BuildDone(line.host),
            FinishTaskCommand.BuildDismiss(line.host), FinishTaskCommand.BuildSnooze(line.host)));
    }

    /// <summary>The whole tree, for the generated reference and the completion scripts.</summary>
    public RootCommand Root => root;

    public async Task<int> Run(string[] args)
    {
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0) return host.RefuseArguments(parsed);
        // A failure reaches the caller through the one mapping in CliHost, never as a stack trace.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    static Command Noun(string name, string description, params Command[] verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) noun.Subcommands.Add(verb);
        return noun;
    }
}
