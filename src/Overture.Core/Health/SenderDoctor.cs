using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Mail.Dns;

namespace Overture.Core.Health;

/// <summary>What was found of one mailbox or sending domain; the name is smtp, imap, gmail or dns.</summary>
public sealed record SenderFinding(string Name, string Of, Finding Finding);

/// <summary>
/// Looks at every mailbox and sending domain of a workspace from here: connects, logs in, asks DNS. It sends
/// nothing and changes nothing; what would hold sending back is only a warning while the dry run is on.
/// </summary>
public sealed class SenderDoctor(
    Mailboxes mailboxes, MailboxReaders readers, OpenMailbox open, GmailClients gmail, CheckDomains domains,
    IDnsSource dns, SecretBox secrets, TimeProvider time)
{
    const int AtOnce = 8;
    static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    static readonly Finding ServerIsSilent = Finding.Failed(
        $"No answer within {LongestLook.TotalSeconds} s.",
        "Look whether the server runs and a firewall lets this machine through.");

    public async Task<IReadOnlyList<SenderFinding>> Examine(Workspace workspace, CancellationToken cancel)
    {
        var looks = new List<Look>();
        var reading = (await readers.List(workspace.Id, cancel)).ToDictionary(one => one.MailboxId);
        foreach (var mailbox in await mailboxes.List(workspace.Id, cancel))
        {
            looks.Add(new(
                mailbox.IsGmail ? "gmail" : "smtp", mailbox.Address, end => Sending(mailbox, end),
                ServerIsSilent));
            if (reading.GetValueOrDefault(mailbox.Id) is { Kind: ReaderKind.Imap } reader)
                looks.Add(new(
                    "imap", mailbox.Address, end => Reading(mailbox, reader, end), ServerIsSilent));
        }

        foreach (var domain in await domains.List(workspace.Id, cancel))
            looks.Add(new(
                "dns", domain.Domain, end => Domain(domain.Domain, end), NotLookedUp("It", domain.Domain)));
        var found = new SenderFinding[looks.Count];
        await Parallel.ForEachAsync(
            looks.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (one, end) => found[one.Index] = new SenderFinding(
                one.Item.Name, one.Item.Of, Weighed(workspace, await Within(one.Item, end))));
        return found;
    }

    async Task<Finding> Within(Look look, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(LongestLook, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await look.At(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return look.Silence;
        }
        catch (SecretUnreadable)
        {
            return Finding.Failed(
                "The kept password cannot be read with this instance's key.",
                "Put the right secret.key into the data folder, or enter the password again.");
        }
        catch (Exception broken) when (broken is RuleBroken or ImapFailed)
        {
            return Finding.Failed(broken.Message, "Correct the settings on the mailbox's page.");
        }
    }

    async Task<Finding> Sending(Mailbox mailbox, CancellationToken cancel)
    {
        if (!mailbox.CanReachAServer)
            return Finding.Failed(
                "It has no mail server, so only a dry run is possible.",
                "Enter its SMTP server on the mailbox's page.");
        if (await (mailbox.IsGmail ? GmailTrouble(mailbox, cancel) : SmtpTrouble(mailbox, cancel))
            is { } trouble)
            return trouble;
        var works = mailbox.IsGmail
            ? "Gmail opens it" : $"{mailbox.SmtpHost} takes the connection and the login";
        return mailbox.State switch
        {
            MailboxState.Broken => Finding.Failed(
                $"{works}, but it is out of service: {mailbox.BrokenReason}",
                $"Run: overture mailbox test {mailbox.Id}"),
            MailboxState.Paused => Finding.Warn(
                $"{works}; it is paused{(mailbox.PausedReason is { } why ? $": {why}" : ".")}",
                $"Run: overture mailbox resume {mailbox.Id}"),
            MailboxState.Untested => Finding.Warn(
                $"{works}; it is not in service yet.", $"Run: overture mailbox test {mailbox.Id}"),
            _ when mailbox.ExhaustedUntil is { } until && until > time.GetUtcNow().UtcDateTime =>
                Finding.Warn(
                    $"{works}; it rests until {Minute(until)}: {mailbox.ExhaustedReason}",
                    "Nothing to do: it goes on by itself."),
            _ => Finding.Passed($"{works}."),
        };
    }

    async Task<Finding?> SmtpTrouble(Mailbox mailbox, CancellationToken cancel)
    {
        var options = SmtpTransport.OptionsFor(mailbox, secrets, time);
        var connection = await SmtpSession.Connect(options, cancel);
        if (connection.Session is { } session) await session.DisposeAsync();
        return connection.Fault is not { } fault ? null : Finding.Failed(
            $"{mailbox.SmtpHost}:{options.Port}: {fault.Sentence}",
            $"{fault.Remedy} Then run: overture mailbox test {mailbox.Id}".TrimStart());
    }

    async Task<Finding?> GmailTrouble(Mailbox mailbox, CancellationToken cancel)
    {
        var connect = $"Run: overture mailbox connect-gmail {mailbox.Id}";
        if (await gmail.Find(mailbox.WorkspaceId, mailbox.Id, cancel) is not { } client)
            return Finding.Failed("Nobody has consented to the use of this mailbox.", connect);
        return (await client.Test(cancel)).Failure is not { } failure ? null
            : Finding.Failed(
                GmailFaults.Sentence(failure),
                GmailFaults.EndsTheGrant(failure) ? connect : "It is tried again by itself.");
    }

    async Task<Finding> Reading(Mailbox mailbox, MailboxReader reader, CancellationToken cancel)
    {
        const string page = "Correct how it is read on the mailbox's page, and test it there.";
        try
        {
            await using var session = await open.Connect(mailbox, reader, cancel);
        }
        catch (ImapFailed failed)
        {
            var said = failed.Failure.ServerText is { } text ? $" They said: {text}" : "";
            return Finding.Failed(
                $"{reader.ImapHost}:{reader.ImapPort}: {failed.Failure.Sentence}{said}", page);
        }

        var works = $"{reader.ImapHost} takes the connection and the login";
        return reader switch
        {
            { State: ReaderState.Broken } => Finding.Failed(
                $"{works}, but reading has ended: {reader.BrokenReason}", page),
            { State: ReaderState.Paused } => Finding.Warn(
                $"{works}; reading is paused, so replies are not seen.",
                "Resume it on the mailbox's page."),
            { FailureCount: > 0, LastErrorAt: { } at } => Finding.Warn(
                $"{works}; the last look, at {Minute(at)}, failed: {reader.LastError}",
                "Nothing to do unless it stays: it is tried again by itself."),
            _ => Finding.Passed($"{works}."),
        };
    }

    async Task<Finding> Domain(string domain, CancellationToken cancel)
    {
        var seen = await SenderDomainCheck.Check(domain, new SenderSetup(), dns, cancel);
        var failing = seen.Where(one => one.State == FindingState.Fail).ToList();
        var unknown = seen.Where(one => one.State == FindingState.Unknown).ToList();
        var again = $"Run: overture mail check-domain {domain}";
        if (failing.Count > 0)
        {
            var detail = string.Join(" ", failing.Select(one => $"{one.Check}: {one.Sentence}"));
            var paste = failing.Select(one => one.Paste).FirstOrDefault(one => one is not null);
            var remedy = paste is null ? again
                : $"Publish {paste.Name} {paste.Type} “{paste.Value}”, then run: overture mail check-domain "
                    + domain;
            return failing.Any(SenderDomain.IsDemanded)
                ? Finding.Failed(detail, remedy) : Finding.Warn(detail, remedy);
        }

        return unknown.Count > 0
            ? NotLookedUp(string.Join(", ", unknown.Select(one => one.Check)), domain)
            : Finding.Passed($"{string.Join(", ", seen.Select(one => one.Check))} are in order.");
    }

    // A look-up that failed says nothing about the domain.
    static Finding NotLookedUp(string what, string domain) => Finding.Warn(
        $"{what} could not be looked up.",
        $"Look whether this machine reaches its DNS server, then run: overture mail check-domain {domain}");

    static Finding Weighed(Workspace workspace, Finding finding) =>
        finding.State == HealthState.Failed && workspace.DryRun
            ? finding with { State = HealthState.Warn } : finding;

    static string Minute(DateTime at) =>
        at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    sealed record Look(string Name, string Of, Func<CancellationToken, Task<Finding>> At, Finding Silence);
}
