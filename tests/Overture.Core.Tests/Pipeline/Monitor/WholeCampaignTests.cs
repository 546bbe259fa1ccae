using System.Globalization;
using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A campaign from its first message to its last ending, through a real Postfix and a real Dovecot, on a
/// clock that jumps from day to day. OVERTURE_CAMPAIGN_PEOPLE sets how many people take part.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class WholeCampaignTests
{
    const int UsualPeople = 65;
    const int Days = 40;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_ends_in_the_right_state_and_nobody_who_answered_is_followed_up()
    {
        Assert.SkipWhen(MailServers.Missing is not null, MailServers.Missing ?? "");
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("OVERTURE_CAMPAIGN_PEOPLE"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var wanted) ? wanted : UsualPeople;
        await using var servers = await MailServers.Start(Cancel);
        await using var test = await TestWorkspace.Create();
        var mailbox = await Connect(test, servers);
        var habits = Enum.GetValues<Habit>();
        var them = new Recipients(
            servers, test, [.. Enumerable.Range(0, count).Select(n => new Recipient(n, habits[n % habits.Length]))]);
        await Enroll(test, them);
        await test.Start(
            mailbox, TestWorkspace.Email(), TestWorkspace.Email("Any thoughts?", "Re: for you", 3),
            TestWorkspace.Email("My last word.", "Re: for you", 4));
        for (var day = 0; day < Days; day++) await Day(test, servers, them, mailbox);
        await Check(test, them);
    }

    static async Task Day(TestWorkspace test, MailServers servers, Recipients them, long mailbox)
    {
        await test.Write();
        while (await test.Send() > 0) { }
        var sent = (await test.List<(string To, int Count)>(
            "select to_address, count(*)::int from messages where state = 'sent' group by to_address"))
            .ToDictionary(row => row.To, row => row.Count);
        await them.Act(sent);
        await servers.WaitForMail("ada", them.Written, Cancel);
        Assert.True((await test.Get<ListenToMailboxes>().Now(test.Id, mailbox, test.Node.Id, Cancel)).Works);
        ((ManualTime)test.Time).Advance(TimeSpan.FromDays(1));
    }

    static async Task Check(TestWorkspace test, Recipients them)
    {
        var ended = (await test.List<(string Address, string State, int Messages)>(
            """
            select c.email_key, e.state || coalesce(' ' || e.finish_reason, ''),
                (select count(*)::int from messages m where m.enrollment_id = e.id and m.state = 'sent')
            from enrollments e join contacts c on c.id = e.contact_id
            """)).ToDictionary(row => row.Address, row => (row.State, row.Messages));
        var wrong = them.People
            .Where(person => ended.GetValueOrDefault(person.Address) != person.Ends
                || person.Got != person.Ends.Messages)
            .Select(person => $"{person.Address} ({person.Habit}): {ended.GetValueOrDefault(person.Address)}, "
                + $"got {person.Got}, not {person.Ends}").ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{them.People.Count} people, {them.People.Sum(person => person.Got)} messages delivered, "
            + $"{them.Written} mails came back, {wrong.Count} in a wrong state. "
            + string.Join("; ", ended.Values.GroupBy(one => one).OrderBy(group => group.Key)
                .Select(group => $"{group.Key.State} after {group.Key.Messages}: {group.Count()}")));
        Assert.Empty(wrong);
        Assert.Equal(
            them.Written, await test.Ask<int>("select count(*)::int from received_mail where is_related"));
        // Nothing left after the moment at which somebody answered.
        Assert.Equal(0, await test.Ask<long>(
            """
            select count(*) from events v join messages m on m.enrollment_id = v.enrollment_id
            where v.kind in ('replied', 'unsubscribed', 'bounced', 'complained') and m.sent_at > v.occurred_at
            """));
        await test.HoldsInvariants();
    }

    static async Task<long> Connect(TestWorkspace test, MailServers servers)
    {
        var authority = servers.CaCertificate.ExportCertificatePem();
        var mailbox = await test.AddMailbox(null, draft => draft with
        {
            SmtpHost = "localhost", SmtpPort = servers.SubmissionPort, SmtpSecurity = "starttls",
            SmtpUsername = $"ada@{MailServers.Domain}", SmtpPassword = MailServers.Password, SmtpCa = authority,
        });
        // The name, the password and the authority of sending serve for reading too.
        await test.Get<MailboxReaders>().Put(
            test.Id, mailbox,
            new MailboxReaderDraft
            {
                ImapHost = "localhost", ImapPort = servers.ImapPort, ImapSecurity = "starttls",
            },
            Cancel);
        return mailbox;
    }

    static async Task Enroll(TestWorkspace test, Recipients them)
    {
        await test.Database.InWorkspace(
            test.Id,
            async session =>
            {
                foreach (var (number, person) in them.People.Index())
                    await test.Get<Intake>().Take(
                        session,
                        new CollectedLead
                        {
                            Source = "test",
                            Company = new Company { Name = "Client", Domain = person.Address.Split('@')[1] },
                            Contact = new Contact { FullName = $"Person {number}", Email = person.Address },
                        },
                        DuplicateRule.FillBlanks, Cancel);
            },
            Cancel);
        await test.Prepare();
    }
}
