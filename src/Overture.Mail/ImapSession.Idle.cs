namespace Overture.Mail;

public sealed partial class ImapSession
{
    /// <summary>
    /// How long one IDLE lasts. RFC 2177 allows 29 minutes; routers forget silent connections sooner, and a
    /// shorter round finds out earlier that the server is gone.
    /// </summary>
    public static readonly TimeSpan IdleRound = TimeSpan.FromMinutes(9);

    /// <summary>How long to wait between two looks where the server has no IDLE.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Waits until something changes in the open folder, by IDLE (RFC 2177) renewed each <see
    /// cref="IdleRound"/>, or by NOOP each <see cref="PollInterval"/>.
    /// </summary>
    /// <param name="cancel">Ends the wait; the session remains usable.</param>
    /// <exception cref="ImapFailed">The connection was lost or the server fell silent.</exception>
    public async Task WaitForNews(CancellationToken cancel = default)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (Can("IDLE") ? await Idle(cancel) : await Poll(cancel)) return;
        }
    }

    async Task<bool> Poll(CancellationToken cancel)
    {
        await Task.Delay(PollInterval, options.Time, cancel);
        var news = false;
        await Run(new ImapCommand("NOOP"), line => news |= IsNews(line), null, null, CancellationToken.None);
        return news;
    }

    async Task<bool> Idle(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            return await IdleOnce(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            IsClosed = true;
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<bool> IdleOnce(CancellationToken cancel)
    {
        if (IsClosed)
            throw new ImapFailed(ImapFailureKind.Disconnected, $"The session with {server.Host} has ended.");
        var tag = $"A{++lastTag}";
        await Send(tag, new ImapCommand("IDLE"), null, CancellationToken.None);
        using var over = new CancellationTokenSource(IdleRound, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, over.Token);
        var (news, accepted, done) = (false, false, false);
        // One read is always open: a read that is cut off would tear the encrypted stream.
        var silence = IdleRound + ImapConnection.SilenceTimeOut;
        var read = connection.Read(null, ImapConnection.SilenceTimeOut, CancellationToken.None);
        while (true)
        {
            if (accepted && !done && !news)
                await Task.WhenAny(read, Task.Delay(Timeout.InfiniteTimeSpan, options.Time, either.Token));
            if (accepted && !done && (news || !read.IsCompleted))
            {
                await connection.Write("DONE\r\n"u8.ToArray(), "DONE", CancellationToken.None);
                done = true;
            }

            var line = await (done ? Answer(read) : read);
            accepted |= line.Tag == "+";
            news |= IsNews(line);
            if (line.Tag != "+" && Take(line, tag, null)) break;
            read = connection.Read(null, silence, CancellationToken.None);
        }

        cancel.ThrowIfCancellationRequested();
        return news;
    }

    // After DONE the server must answer soon, although the read was begun with the patience of IDLE.
    async Task<ImapLine> Answer(Task<ImapLine> read)
    {
        try
        {
            return await read.WaitAsync(ImapConnection.SilenceTimeOut, options.Time);
        }
        catch (TimeoutException)
        {
            throw new ImapFailed(ImapFailureKind.TimeOut, $"{server.Host} did not answer in time.");
        }
    }

    static bool IsNews(ImapLine line) =>
        line is { IsUntagged: true, Command: "EXISTS" or "EXPUNGE" or "VANISHED" or "FETCH" or "RECENT" };
}
