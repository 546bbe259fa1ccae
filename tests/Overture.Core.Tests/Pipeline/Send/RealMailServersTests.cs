using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>A campaign through a real Postfix into real mailboxes.</summary>
[SupportedOSPlatform("linux")]
public sealed class RealMailServersTests
{
    static readonly string[] AddedOnTheWay = ["Return-Path", "Delivered-To", "Received", "X-Original-To"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_that_arrive_are_the_bytes_that_the_dry_run_showed()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        const int Leads = 12;
        await using var servers = await MailServers.Start(Cancel);
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(null, draft => draft with
        {
            SmtpHost = "localhost", SmtpPort = servers.SubmissionPort, SmtpSecurity = "starttls",
            SmtpUsername = $"ada@{MailServers.Domain}", SmtpPassword = MailServers.Password,
            SmtpCa = servers.CaCertificate.ExportCertificatePem(),
                BookingLink = "https://overture.example/book",
            PostalAddress = "1 Example Street",
        });
        await AddSynthetic(test, Leads);
        await test.Start(mailbox, TestWorkspace.Email(
            "Grüß Gott {{first_name}},\n\nsind Sie bei {{company}} zufrieden?\n.\nEin Punkt "
            + "allein.\n\n{{sender_name}}", "Für {{company}} – kurz"));
        await test.Write();
        var preview = await Captured(test, Leads);
        while (await test.Send() > 0) { }
        Assert.Equal($"accepted {Leads}", await test.States("send_intents"));
        foreach (var (user, bytes) in preview)
        {
            var arrived = Assert.Single(await servers.WaitForMail(user, 1, Cancel));
            var text = WithoutTrace(Encoding.Latin1.GetString(arrived));
            Assert.Equal(Encoding.Latin1.GetString(bytes).ReplaceLineEndings("\n"), text);
        }

        await test.HoldsInvariants();
    }

    // Synthetic people, their addresses rewritten to the domain of the servers at hand.
    static async Task AddSynthetic(TestWorkspace test, int count)
    {
        await test.Database.InWorkspace(
            test.Id,
            async session =>
            {
                foreach (var (number, lead) in SyntheticLeads.Generate(count, 5).Index())
                    await test.Get<Intake>().Take(
                        session,
                        lead with
                        {
                            Contact = lead.Contact! with { Email = $"lead{number}@{MailServers.Domain}" },
                        },
                        DuplicateRule.FillBlanks, Cancel);
            },
            Cancel);
        await test.Prepare();
    }

    // A dry run first, then back to where it began.
    static async Task<IReadOnlyList<(string User, byte[] Bytes)>> Captured(TestWorkspace test, int count)
    {
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        while (await test.Send() > 0) { }
        Assert.Equal($"captured {count}", await test.States("send_intents"));
        var captured = await test.List<(string To, byte[] Content)>(
            "select envelope_to, content from captured_mail");
        await test.Get<Workspaces>().SetDryRun(test.Id, false, Cancel);
        await test.Do("delete from captured_mail");
        await test.Do("delete from send_attempts");
        await test.Do("update send_intents set state = 'planned'");
        await test.Do("update messages set state = 'scheduled', sent_at = null");
        await test.Do("update enrollments set state = 'active', finish_reason = null, finished_at = null");
        return [.. captured.Select(mail => (mail.To[..mail.To.IndexOf('@')], mail.Content))];
    }

    static string WithoutTrace(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n').ToList();
        while (AddedOnTheWay.Any(name => lines[0].StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
        {
            lines.RemoveAt(0);
            while (lines[0].StartsWith(' ') || lines[0].StartsWith('\t')) lines.RemoveAt(0);
        }

        return string.Join('\n', lines);
    }
}
