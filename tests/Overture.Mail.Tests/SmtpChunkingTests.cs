using System.Text;
using Overture.Testing;

namespace Overture.Mail.Tests;

public sealed class SmtpChunkingTests
{
    static readonly SmtpEnvelope Envelope = new(
        EmailAddress.Parse("me@example.com"), [EmailAddress.Parse("you@example.org")]);

    static readonly string LongLine = new('x', 999);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a\r\n.\r\nBDAT 0 LAST\r\n")]
    [InlineData("a\n.\nMAIL FROM:<evil@example.com>\n")]
    [InlineData("a\r\r\n.\r\r\nRSET\r\n")]
    [InlineData(".")]
    [InlineData("")]
    public async Task A_chunk_carries_what_DATA_would_deliver(string message)
    {
        await using var sink = Start("CHUNKING");
        await using var session = await Connect(sink);

        Assert.IsType<SendOutcome.Accepted>(
            await session.Send(Envelope, Encoding.ASCII.GetBytes(message), Token));
        await using var plain = await Connect(sink, useChunking: false);
        Assert.IsType<SendOutcome.Accepted>(
            await plain.Send(Envelope, Encoding.ASCII.GetBytes(message), Token));

        Assert.Equal(sink.Messages[1].Bytes, sink.Messages[0].Bytes);
        Assert.Contains("BDAT 0 LAST", sink.Commands);
        Assert.Single(sink.Commands, "DATA");
    }

    [Fact]
    public async Task The_empty_last_chunk_is_held_until_told()
    {
        await using var sink = Start("CHUNKING");
        await using var session = await Connect(sink);
        var held = await session.Prepare(Envelope, "one\r\n"u8.ToArray(), Token);
        Assert.True(held.IsHeld);
        Assert.Equal("BDAT 5", sink.Commands[^1]);

        var (outcome, next) = await held.FinishAndPrepare(
            Envelope, "two\r\n"u8.ToArray(), Token, Token);
        (await next).Abandon();

        Assert.IsType<SendOutcome.Accepted>(outcome);
        Assert.Equal("one\r\n"u8, Assert.Single(sink.Messages).Bytes);
    }

    [Fact]
    public async Task A_large_message_goes_in_many_chunks()
    {
        await using var sink = Start("CHUNKING");
        await using var session = await Connect(sink);
        var message = string.Concat(Enumerable.Repeat(".a line that begins with a dot\r\n", 20_000));

        Assert.IsType<SendOutcome.Accepted>(
            await session.Send(Envelope, Encoding.ASCII.GetBytes(message), Token));

        Assert.Equal(message, Encoding.ASCII.GetString(Assert.Single(sink.Messages).Bytes));
        Assert.True(sink.Commands.Count(c => c.StartsWith("BDAT ", StringComparison.Ordinal)) > 5);
    }

    [Theory]
    [InlineData(true, "BINARYMIME", "CHUNKING", "8BITMIME")]
    [InlineData(false, "CHUNKING", "8BITMIME")]
    [InlineData(false, "BINARYMIME", "8BITMIME")]
    public async Task Only_what_DATA_cannot_carry_needs_BINARYMIME(bool isBinary, params string[] extensions)
    {
        await using var sink = Start(extensions);
        await using var session = await Connect(sink, useChunking: false);

        await session.Send(Envelope, Encoding.ASCII.GetBytes(LongLine[1..] + "\r\n"), Token);
        Assert.Contains("DATA", sink.Commands);
        await session.Send(Envelope, Encoding.ASCII.GetBytes(LongLine + "\r\n"), Token);

        Assert.Equal(isBinary, sink.Commands.Contains("MAIL FROM:<me@example.com> BODY=BINARYMIME"));
        Assert.Equal(isBinary, sink.Commands.Contains("BDAT 0 LAST"));
        Assert.Equal(LongLine + "\r\n", Encoding.ASCII.GetString(sink.Messages[1].Bytes));
    }

    [Fact]
    public async Task A_refused_recipient_stops_the_body_and_keeps_the_connection()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Extensions = ["PIPELINING", "CHUNKING"],
            Fault = m => m.Line == "RCPT TO:<gone@example.org>" ? SmtpSinkBehaviour.Answer5xx
                : m is { Stage: SmtpStage.Data, Line: "BDAT 6" } ? SmtpSinkBehaviour.Answer5xx : null,
        });
        await using var session = await Connect(sink);
        var gone = Envelope with { Recipients = [EmailAddress.Parse("gone@example.org")] };

        Assert.IsType<SendOutcome.Rejected>(await session.Send(gone, "gone\r\n"u8.ToArray(), Token));
        Assert.IsType<SendOutcome.Rejected>(await session.Send(Envelope, "size\r\n"u8.ToArray(), Token));
        Assert.IsType<SendOutcome.Accepted>(await session.Send(Envelope, "x\r\n"u8.ToArray(), Token));

        Assert.Equal("x\r\n"u8, Assert.Single(sink.Messages).Bytes);
        Assert.Equal(1, sink.ConnectionCount);
    }

    static SmtpSink Start(params string[] extensions) =>
        SmtpSink.Start(new SmtpSinkOptions { Extensions = ["PIPELINING", .. extensions] });

    static async Task<SmtpSession> Connect(SmtpSink sink, bool useChunking = true)
    {
        var connection =
            await SmtpSession.Connect(sink.ClientOptions() with { UseChunking = useChunking }, Token);
        return connection.Session!;
    }
}
