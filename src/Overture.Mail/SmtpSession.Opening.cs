namespace Overture.Mail;

/// <summary>From MAIL to the held dot: the body by DATA or in chunks.</summary>
public sealed partial class SmtpSession
{
    async Task<SmtpTransmission> PrepareStepwise(SmtpOffer offer, CancellationToken cancellation)
    {
        var envelope = offer.Envelope;
        if (needsReset)
        {
            var reset = await Command("RSET", Options.Timeouts.Command, cancellation);
            if (!reset.Is(250)) return Decided(Break(SmtpStage.Mail, reset, envelope, null, cancellation));
        }

        needsReset = true;
        var answer = await Command(offer.MailCommand, Options.Timeouts.Mail, cancellation);
        if (Refusal(SmtpStage.Mail, answer, envelope, null, cancellation) is { } sender)
            return Decided(sender);
        foreach (var recipient in envelope.Recipients)
        {
            answer = await Command($"RCPT TO:<{recipient.Path}>", Options.Timeouts.Rcpt, cancellation);
            if (Refusal(SmtpStage.Rcpt, answer, envelope, recipient, cancellation) is { } refused)
                return Decided(refused);
        }

        if (offer.IsInChunks) return await SendChunks(offer, cancellation);
        answer = await Command("DATA", Options.Timeouts.Data, cancellation);
        return Refusal(SmtpStage.Data, answer, envelope, null, cancellation) is { } data
            ? Decided(data)
            : await SendBody(offer, cancellation);
    }

    void AppendOpening(SmtpOffer offer)
    {
        if (needsReset) AppendCommand("RSET");
        AppendCommand(offer.MailCommand);
        foreach (var recipient in offer.Envelope.Recipients) AppendCommand($"RCPT TO:<{recipient.Path}>");
        if (!offer.IsInChunks) AppendCommand("DATA");
    }

    // The replies of one pipelined group are read to the end, so that a refusal leaves the connection in
    // step.
    async Task<SmtpTransmission> ReadOpening(SmtpOffer offer, CancellationToken cancellation)
    {
        var envelope = offer.Envelope;
        if (needsReset)
        {
            var reset = await wire.Read(Options.Timeouts.Command, cancellation);
            if (!reset.Is(250)) return Decided(Break(SmtpStage.Mail, reset, envelope, null, cancellation));
        }

        needsReset = true;
        var answer = await wire.Read(Options.Timeouts.Mail, cancellation);
        var refusal = Refusal(SmtpStage.Mail, answer, envelope, null, cancellation);
        foreach (var recipient in envelope.Recipients)
        {
            if (isBroken) return Decided(refusal!);
            answer = await wire.Read(Options.Timeouts.Rcpt, cancellation);
            var refused = Refusal(SmtpStage.Rcpt, answer, envelope, recipient, cancellation);
            refusal ??= refused;
        }

        if (isBroken) return Decided(refusal!);
        if (offer.IsInChunks)
            return refusal is null ? await SendChunks(offer, cancellation) : Decided(refusal);
        answer = await wire.Read(Options.Timeouts.Data, cancellation);
        if (refusal is null)
        {
            return Refusal(SmtpStage.Data, answer, envelope, null, cancellation) is { } data
                ? Decided(data)
                : await SendBody(offer, cancellation);
        }

        // A server that asks for the body although a recipient was refused would deliver to the others: cut.
        if (!answer.KeepsStep) Cut();
        return Decided(refusal);
    }

    async Task<SmtpTransmission> SendBody(SmtpOffer offer, CancellationToken cancellation)
    {
        var body = new SmtpBody(offer.Message, stuffsDots: true);
        Options.Log?.Remark($"{offer.Message.Length} bytes of message");
        while (true)
        {
            body.AppendBlock(wire.Output, SmtpWire.BlockSize);
            if (body.IsDone && Options.SendBodyWithDot) break;
            var sent = await wire.Flush(cancellation);
            if (sent.Kind != SmtpAnswerKind.Reply)
                return Decided(Break(SmtpStage.Data, sent, offer.Envelope, null, cancellation));
            if (body.IsDone) break;
        }

        return Held(offer);
    }

    // RFC 3030 section 2: every chunk is answered, and nothing is accepted before the last one. What is held
    // back is an empty last chunk, so that it is the only thing left to send, as the dot is.
    async Task<SmtpTransmission> SendChunks(SmtpOffer offer, CancellationToken cancellation)
    {
        var body = new SmtpBody(offer.Message, stuffsDots: false);
        using var chunk = new ByteBuilder(SmtpWire.BlockSize);
        while (!body.IsDone)
        {
            if (wire.HasInput)
                return Decided(Break(SmtpStage.Data, Unsolicited, offer.Envelope, null, cancellation));
            chunk.Clear();
            body.AppendBlock(chunk, SmtpWire.BlockSize);
            AppendCommand($"BDAT {chunk.Length}");
            wire.Output.Append(chunk.Written);
            var answer = await wire.Flush(cancellation);
            if (answer.Kind == SmtpAnswerKind.Reply)
                answer = await wire.Read(Options.Timeouts.Data, cancellation);
            if (answer.Is(250)) continue;
            return Decided(Refusal(SmtpStage.Data, answer, offer.Envelope, null, cancellation)
                ?? Break(SmtpStage.Data, answer, offer.Envelope, null, cancellation));
        }

        return Held(offer);
    }

    SmtpTransmission Held(SmtpOffer offer)
    {
        isHeldInChunks = offer.IsInChunks;
        return held = new SmtpTransmission(this, offer.Envelope);
    }
}
