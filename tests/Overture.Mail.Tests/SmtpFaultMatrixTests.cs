using System.Diagnostics;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>
/// Every stage of a conversation crossed with every way to misbehave. The table: before the dot nothing may
/// count as sent; a definite answer to the dot is final; silence after it is uncertain; QUIT changes
/// nothing. The sink is the witness.
/// </summary>
public abstract class SmtpFaultMatrixTests(bool usePipelining, bool useChunking = false)
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    static readonly byte[] Message = "Subject: one\r\n\r\n.two\r\nthree\r\n"u8.ToArray();

    static readonly SmtpEnvelope Envelope = new(
        EmailAddress.Parse("me@example.com"), [EmailAddress.Parse("you@example.org")]);

    public static TheoryData<SmtpStage, SmtpSinkBehaviour> Cells { get; } = AllCells();

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Ends_as_the_class_table_says(SmtpStage stage, SmtpSinkBehaviour behaviour)
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            StartTls = true,
            User = "me",
            Password = "secret",
            Extensions = useChunking ? ["PIPELINING", "CHUNKING"] : ["PIPELINING", "SIZE 1000000"],
            Fault = SmtpSinkFault.At(stage, behaviour),
        });
        var watch = Stopwatch.StartNew();

        var outcome = await SendThrough(Options(sink, stage, behaviour), stage, behaviour);

        Assert.True(Expected(stage, behaviour) == outcome?.GetType().Name, $"{outcome}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
        switch (outcome)
        {
            case SendOutcome.Accepted:
                Assert.Equal(Message, Assert.Single(sink.Messages).Bytes);
                Assert.Equal(useChunking, sink.Commands.Contains("BDAT 0 LAST"));
                break;
            case SendOutcome.Deferred deferred:
                Assert.Empty(sink.Messages);
                Assert.True(deferred.Fault.Stage <= SmtpStage.Dot);
                Assert.NotEmpty(deferred.Fault.Sentence);
                Assert.NotEmpty(deferred.Fault.Remedy);
                break;
            case SendOutcome.Rejected:
                Assert.Empty(sink.Messages);
                break;
        }
    }

    static async Task<SendOutcome?> SendThrough(
        SmtpOptions options, SmtpStage stage, SmtpSinkBehaviour behaviour)
    {
        var connection = await SmtpSession.Connect(options, TestContext.Current.CancellationToken);
        if (connection.Session is not { } session) return connection.Outcome;
        await using (session)
        {
            await using var transmission =
                await session.Prepare(Envelope, Message, TestContext.Current.CancellationToken);

            // The caller's commit takes a moment, in which the closing of the other side becomes visible.
            if (stage == SmtpStage.Data && behaviour == SmtpSinkBehaviour.OkThenClose)
                SpinWait.SpinUntil(() => session.HasNews, Long);
            return await transmission.Finish(TestContext.Current.CancellationToken);
        }
    }

    SmtpOptions Options(SmtpSink sink, SmtpStage stage, SmtpSinkBehaviour behaviour)
    {
        var isSlow = behaviour is SmtpSinkBehaviour.Timeout or SmtpSinkBehaviour.Drip;
        TimeSpan At(params SmtpStage[] stages) => isSlow && stages.Contains(stage) ? Short : Long;
        return sink.ClientOptions() with
        {
            UsePipelining = usePipelining,
            UseChunking = useChunking,
            Credentials = new SmtpCredentials.WithPassword("me", "secret"),
            Timeouts = new SmtpTimeouts
            {
                Connect = At(SmtpStage.Connect),
                Banner = At(SmtpStage.Connect, SmtpStage.Banner),
                Command = At(SmtpStage.Ehlo, SmtpStage.StartTls, SmtpStage.Auth),
                Tls = At(SmtpStage.Tls),
                Mail = At(SmtpStage.Mail),
                Rcpt = At(SmtpStage.Rcpt),
                Data = At(SmtpStage.Data),
                Block = Long,
                Dot = At(SmtpStage.Dot),
                Quit = At(SmtpStage.Quit),
            },
        };
    }

    string Expected(SmtpStage stage, SmtpSinkBehaviour behaviour) => (stage, behaviour) switch
    {
        (SmtpStage.Quit, _) => nameof(SendOutcome.Accepted),
        (SmtpStage.Dot, SmtpSinkBehaviour.OkThenClose or SmtpSinkBehaviour.Injected) =>
            nameof(SendOutcome.Accepted),
        (SmtpStage.Dot, SmtpSinkBehaviour.Answer5xx) => nameof(SendOutcome.Rejected),
        // An answer to the dot that comes before the dot proves a broken server: the dot is not sent.
        (SmtpStage.Dot,
            SmtpSinkBehaviour.Answer421 or SmtpSinkBehaviour.Answer4xx or SmtpSinkBehaviour.EarlyReply) =>
            nameof(SendOutcome.Deferred),
        (SmtpStage.Dot, _) => nameof(SendOutcome.Uncertain),
        (SmtpStage.Rcpt or SmtpStage.Data, SmtpSinkBehaviour.Answer5xx) => nameof(SendOutcome.Rejected),
        // A chunk is not part of the group, and its early answer is out of step.
        (SmtpStage.Data, SmtpSinkBehaviour.EarlyReply) when useChunking => nameof(SendOutcome.Deferred),
        // In a pipelined group the question was asked already: the early answer is an answer.
        (SmtpStage.Rcpt or SmtpStage.Data, SmtpSinkBehaviour.EarlyReply) when usePipelining =>
            nameof(SendOutcome.Accepted),
        _ => nameof(SendOutcome.Deferred),
    };

    static TheoryData<SmtpStage, SmtpSinkBehaviour> AllCells()
    {
        var cells = new TheoryData<SmtpStage, SmtpSinkBehaviour>();
        foreach (var stage in Enum.GetValues<SmtpStage>())
        {
            foreach (var behaviour in Enum.GetValues<SmtpSinkBehaviour>()) cells.Add(stage, behaviour);
        }

        return cells;
    }
}

/// <summary>The 154 cells with one command at a time.</summary>
public sealed class SmtpFaultMatrixStepwiseTests() : SmtpFaultMatrixTests(usePipelining: false)
{
    [Fact]
    public void The_matrix_has_154_cells() => Assert.Equal(154, Cells.Count);
}

/// <summary>The 154 cells with commands in groups (RFC 2920).</summary>
public sealed class SmtpFaultMatrixPipelinedTests() : SmtpFaultMatrixTests(usePipelining: true);

/// <summary>The 154 cells with the body in chunks, the empty last one held back (RFC 3030).</summary>
public sealed class SmtpFaultMatrixChunkedTests()
    : SmtpFaultMatrixTests(usePipelining: true, useChunking: true);
