using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

public sealed class SmtpSessionTests
{
    static readonly SmtpEnvelope Envelope = new(
        EmailAddress.Parse("me@example.com"), [EmailAddress.Parse("you@example.org")]);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("XOAUTH2")]
    [InlineData("OAUTHBEARER")]
    public async Task Logs_in_by_every_mechanism_and_logs_no_secret(string mechanism)
    {
        const string secret = "sécret-pässword";
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            StartTls = true, User = "me@example.com", Password = secret, Mechanisms = mechanism,
        });
        var log = new WireLog();
        SmtpCredentials credentials = mechanism.Contains("AUTH", StringComparison.Ordinal)
            ? new SmtpCredentials.WithToken("me@example.com", _ => ValueTask.FromResult(secret))
            : new SmtpCredentials.WithPassword("me@example.com", secret);

        Assert.IsType<SendOutcome.Accepted>(
            await Send(sink.ClientOptions() with { Credentials = credentials, Log = log },
                "Subject: x\r\n\r\nhi\r\n"));

        var message = Assert.Single(sink.Messages);
        Assert.Equal("me@example.com", message.User);
        Assert.True(message.IsProtected);
        var written = string.Join('\n', log.Lines);
        Assert.Contains($"C: AUTH {mechanism}", written, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
        foreach (var line in sink.Commands.Where(c => c.StartsWith("AUTH", StringComparison.Ordinal)))
        {
            if (line.Split(' ') is [_, _, { Length: > 0 } payload])
                Assert.DoesNotContain(payload, written, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_is_sent_in_the_very_form_that_Google_documents()
    {
        const string user = "someuser@example.com";
        const string token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
        const string documented = "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRx"
            + "bVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            StartTls = true, User = user, Password = token, Mechanisms = "XOAUTH2",
        });

        await SmtpSession.Connect(
            sink.ClientOptions() with
            {
                Credentials = new SmtpCredentials.WithToken(user, _ => ValueTask.FromResult(token)),
            },
            Token);

        Assert.Contains("AUTH XOAUTH2 " + documented, sink.Commands);
    }

    [Theory]
    [InlineData("PLAIN", false)]
    [InlineData("LOGIN", false)]
    [InlineData("CRAM-MD5", false)]
    [InlineData("XOAUTH2", true)]
    [InlineData("OAUTHBEARER", true)]
    public async Task A_wrong_secret_is_the_mailboxs_matter(string mechanism, bool token)
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            StartTls = true, User = "me", Password = "right", Mechanisms = mechanism,
        });
        SmtpCredentials wrong = token
            ? new SmtpCredentials.WithToken("me", _ => ValueTask.FromResult("wrong"))
            : new SmtpCredentials.WithPassword("me", "wrong");

        var connection = await SmtpSession.Connect(sink.ClientOptions() with { Credentials = wrong }, Token);

        Assert.Null(connection.Session);
        Assert.Equal(SmtpFaultParty.Mailbox, connection.Fault!.Party);
        Assert.True(connection.Fault.IsPermanent);
        Assert.Equal((SmtpStage.Auth, 535, "5.7.8"),
            (connection.Fault.Stage, connection.Fault.Code, connection.Fault.EnhancedStatus));
        Assert.Contains("password", connection.Fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSinkCertificate.OtherName, "CN=mail.example")]
    [InlineData(SmtpSinkCertificate.Expired, "expired")]
    [InlineData(SmtpSinkCertificate.SelfSigned, "self")]
    public async Task A_wrong_certificate_stops_everything(SmtpSinkCertificate certificate, string problem)
    {
        foreach (var isImplicit in new[] { false, true })
        {
            await using var sink = SmtpSink.Start(new SmtpSinkOptions
            {
                StartTls = !isImplicit, ImplicitTls = isImplicit, Certificate = certificate, User = "me",
            });
            var options =
                sink.ClientOptions() with { Credentials = new SmtpCredentials.WithPassword("me", "") };

            var connection = await SmtpSession.Connect(options, Token);

            Assert.Null(connection.Session);
            Assert.Equal(
                (SmtpStage.Tls, SmtpFaultParty.Mailbox), (connection.Fault!.Stage, connection.Fault.Party));
            Assert.Contains(problem, connection.Fault.Sentence, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(sink.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_authority_nobody_named_is_not_trusted()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { ImplicitTls = true });

        var connection =
            await SmtpSession.Connect(sink.ClientOptions() with { TrustedAuthorities = null }, Token);

        Assert.Equal(SmtpFaultParty.Mailbox, connection.Fault!.Party);
        Assert.Contains("certificate", connection.Fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_STARTTLS_nothing_is_sent()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { User = "me", Password = "secret" });
        var options = sink.ClientOptions() with
        {
            Security = SmtpSecurity.StartTls, Credentials = new SmtpCredentials.WithPassword("me", "secret"),
        };

        var connection = await SmtpSession.Connect(options, Token);

        Assert.Equal(SmtpStage.StartTls, connection.Fault!.Stage);
        Assert.True(connection.Fault.IsPermanent);
        Assert.Equal(["EHLO [127.0.0.1]"], sink.Commands);
    }

    [Fact]
    public async Task A_password_never_travels_unprotected_unless_told_to()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            User = "me", Password = "secret", Mechanisms = "PLAIN LOGIN",
        });
        var options = sink.ClientOptions() with
        {
            AllowCredentialsWithoutTls = false,
            Credentials = new SmtpCredentials.WithPassword("me", "secret"),
        };

        var connection = await SmtpSession.Connect(options, Token);

        Assert.Equal(
            (SmtpStage.Auth, SmtpFaultParty.Mailbox), (connection.Fault!.Stage, connection.Fault.Party));
        Assert.DoesNotContain(sink.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\r\n.\r\nMAIL FROM:<evil@example.com>\r\n")]
    [InlineData("a\n.\r\nMAIL FROM:<evil@example.com>\r\n")]
    [InlineData("a\r\n.\nMAIL FROM:<evil@example.com>\r\n")]
    [InlineData("a\n.\nMAIL FROM:<evil@example.com>\n")]
    [InlineData("a\r.\rMAIL FROM:<evil@example.com>\r")]
    [InlineData("a\r\r\n.\r\r\nRSET\r\n")]
    [InlineData(".\r\nRSET\r\n")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("no end")]
    public async Task No_body_can_smuggle_a_second_message(string message)
    {
        await using var sink = SmtpSink.Start();

        Assert.IsType<SendOutcome.Accepted>(await Send(sink.ClientOptions(), message));

        var kept = Assert.Single(sink.Messages);
        var wire = Encoding.ASCII.GetString(kept.WireBytes);
        Assert.DoesNotContain('\r', wire.Replace("\r\n", ""));
        Assert.DoesNotContain('\n', wire.Replace("\r\n", ""));
        Assert.DoesNotContain("\r\n.\r\n", "\r\n" + wire, StringComparison.Ordinal);
        var clean = message.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\n", "\r\n");
        Assert.Equal(clean.Length == 0 || clean.EndsWith('\n') ? clean : clean + "\r\n",
            Encoding.ASCII.GetString(kept.Bytes));
    }

    [Fact]
    public async Task The_dot_is_held_until_told()
    {
        await using var sink = SmtpSink.Start();
        var connection = await SmtpSession.Connect(sink.ClientOptions(), Token);
        await using var session = connection.Session!;
        await using (var abandoned = await session.Prepare(Envelope, "one\r\n"u8.ToArray(), Token))
        {
            Assert.True(abandoned.IsHeld);
            Assert.False(session.CanReuse);
            abandoned.Abandon();
        }

        await using var second = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;
        var held = await second.Prepare(Envelope, "two\r\n"u8.ToArray(), Token);
        Assert.Empty(sink.Messages);

        var outcome = Assert.IsType<SendOutcome.Accepted>(await held.Finish(Token));

        Assert.Equal("2.0.0 queued as 0", outcome.ResponseText);
        Assert.Equal("two\r\n", Encoding.ASCII.GetString(Assert.Single(sink.Messages).Bytes));
        Assert.Same(outcome, await held.Finish(Token));
    }

    [Fact]
    public async Task Time_that_passes_between_answers_is_nobodys_time_out()
    {
        var time = new ManualTime();
        await using var sink = SmtpSink.Start();
        await using var session =
            (await SmtpSession.Connect(sink.ClientOptions() with { Time = time }, Token)).Session!;
        time.Advance(TimeSpan.FromHours(1));
        var held = await session.Prepare(Envelope, "x\r\n"u8.ToArray(), Token);
        time.Advance(TimeSpan.FromHours(1));

        Assert.IsType<SendOutcome.Accepted>(await held.Finish(Token));
    }

    [Fact]
    public async Task The_next_message_opens_in_the_write_of_the_dot()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = m => m is { Stage: SmtpStage.Rcpt, Line: "RCPT TO:<gone@example.org>" }
                ? SmtpSinkBehaviour.Answer5xx
                : m is { Stage: SmtpStage.Dot, Message: 1 } ? SmtpSinkBehaviour.Answer4xx : null,
        });
        await using var session = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;
        var outcomes = new List<SendOutcome>();
        var held = await session.Prepare(Envelope, "0\r\n"u8.ToArray(), Token);
        foreach (var to in new[] { "one@example.org", "gone@example.org", "three@example.org" })
        {
            var (outcome, next) = await held.FinishAndPrepare(
                Envelope with { Recipients = [EmailAddress.Parse(to)] },
                Encoding.ASCII.GetBytes(to + "\r\n"),
                Token,
                Token);
            outcomes.Add(outcome);
            held = await next;
        }

        outcomes.Add(await held.Finish(Token));

        Assert.IsType<SendOutcome.Accepted>(outcomes[0]);
        Assert.IsType<SendOutcome.Deferred>(outcomes[1]);
        Assert.Equal("gone@example.org", Assert.IsType<SendOutcome.Rejected>(outcomes[2]).Fault.Recipient);
        Assert.IsType<SendOutcome.Accepted>(outcomes[3]);
        Assert.Equal(["you@example.org", "three@example.org"], sink.Messages.Select(m => m.Recipients[0]));
        Assert.Equal(1, sink.ConnectionCount);
    }

    [Fact]
    public async Task One_refused_recipient_of_several_stops_the_message()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = m => m.Line == "RCPT TO:<b@example.org>" ? SmtpSinkBehaviour.Answer5xx : null,
        });
        await using var session = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;
        var three = Envelope with
        {
            Recipients =
                [.. new[] { "a@example.org", "b@example.org", "c@example.org" }.Select(EmailAddress.Parse)],
        };

        var outcome = await session.Send(three, "x\r\n"u8.ToArray(), Token);

        Assert.Equal("b@example.org", Assert.IsType<SendOutcome.Rejected>(outcome).Fault.Recipient);
        Assert.Empty(sink.Messages);
        Assert.False(session.CanReuse);
    }

    [Fact]
    public async Task Cancelling_before_the_dot_throws_and_after_it_is_uncertain()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = SmtpSinkFault.At(SmtpStage.Dot, SmtpSinkBehaviour.Timeout),
        });
        await using (var session = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!)
        {
            var held = await session.Prepare(Envelope, "x\r\n"u8.ToArray(), Token);
            using var already = new CancellationTokenSource();
            await already.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held.Finish(already.Token));
            Assert.Empty(sink.Messages);
        }

        await using var second = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;
        var transmission = await second.Prepare(Envelope, "x\r\n"u8.ToArray(), Token);
        using var later = new CancellationTokenSource();
        var finishing = transmission.Finish(later.Token);
        await sink.NextMessage(Token);
        await later.CancelAsync();
        Assert.IsType<SendOutcome.Uncertain>(await finishing);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task What_the_server_cannot_carry_is_not_offered()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Extensions = ["SIZE 100"] });
        await using var session = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;
        var foreign = Envelope with { Recipients = [EmailAddress.Parse("jürgen@example.org")] };

        Assert.IsType<SendOutcome.Rejected>(await session.Send(Envelope, new byte[101], Token));
        Assert.IsType<SendOutcome.Rejected>(await session.Send(foreign, "x\r\n"u8.ToArray(), Token));
        Assert.IsType<SendOutcome.Rejected>(await session.Send(Envelope, "ü\r\n"u8.ToArray(), Token));
        Assert.IsType<SendOutcome.Accepted>(await session.Send(Envelope, "x\r\n"u8.ToArray(), Token));
        Assert.DoesNotContain(sink.Commands, c => c.Contains("rgen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Foreign_addresses_and_eight_bits_travel_where_the_server_can()
    {
        await using var sink = SmtpSink.Start();
        var foreign = Envelope with { Recipients = [EmailAddress.Parse("jürgen@bücher.example")] };
        await using var session = (await SmtpSession.Connect(sink.ClientOptions(), Token)).Session!;

        Assert.IsType<SendOutcome.Accepted>(
            await session.Send(foreign, Encoding.UTF8.GetBytes("ü\r\n"), Token));

        Assert.Equal("jürgen@xn--bcher-kva.example", Assert.Single(sink.Messages).Recipients[0]);
        Assert.Contains("MAIL FROM:<me@example.com> SIZE=4 BODY=8BITMIME SMTPUTF8", sink.Commands);
    }

    [Fact]
    public async Task A_large_message_arrives_whole()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { StartTls = true });
        var random = new Random(7);
        var lines = Enumerable.Range(0, 40_000).Select(
            _ => new string('.', random.Next(3)) + new string('x', random.Next(60)));
        var message = string.Concat(lines.Select(l => l + "\r\n"));

        Assert.IsType<SendOutcome.Accepted>(await Send(sink.ClientOptions(), message));

        Assert.Equal(message, Encoding.ASCII.GetString(Assert.Single(sink.Messages).Bytes));
    }

    [Fact]
    public async Task The_log_is_bounded_and_counts_bodies()
    {
        await using var sink = SmtpSink.Start();
        var log = new WireLog(lineLimit: 20);
        for (var i = 0; i < 5; i++) await Send(sink.ClientOptions() with { Log = log }, "the body\r\n");

        Assert.Equal(20, log.Lines.Count);
        Assert.Contains("* 10 bytes of message", log.Lines);
        Assert.DoesNotContain(log.Lines, l => l.Contains("the body", StringComparison.Ordinal));
    }

    static async Task<SendOutcome> Send(SmtpOptions options, string message)
    {
        var connection = await SmtpSession.Connect(options, Token);
        if (connection.Session is null) return connection.Outcome!;
        await using var session = connection.Session;
        return await session.Send(Envelope, Encoding.UTF8.GetBytes(message), Token);
    }
}
