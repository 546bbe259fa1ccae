using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>Mail over SMTP, through one pool for all mailboxes of this node.</summary>
public sealed class SmtpTransport(SmtpPool pool, SecretBox secrets, TimeProvider time) : ITransport
{
    const int MaxKnownAuthorities = 1_000;
    static readonly ConcurrentDictionary<string, X509Certificate2Collection> KnownAuthorities = new();

    public const string Name = "smtp";

    public async Task<IPreparedSend> Prepare(
        Mailbox mailbox, string from, string to, byte[] message, CancellationToken cancel)
    {
        if (!mailbox.CanReachAServer)
            throw new RuleBroken("mailbox_without_server", "The mailbox has no mail server.");
        var rental = await pool.Rent(OptionsFor(mailbox, secrets, time), cancel);
        try
        {
            if (rental.Connection.Session is not { } session)
                return new Held(rental, null, SendOutcomeOf(rental.Connection.Fault!));
            var envelope = new SmtpEnvelope(EmailAddress.Parse(from), [EmailAddress.Parse(to)]);
            return new Held(rental, await session.Prepare(envelope, message, cancel), null);
        }
        catch
        {
            await rental.DisposeAsync();
            throw;
        }
    }

    internal static SmtpOptions OptionsFor(Mailbox mailbox, SecretBox secrets, TimeProvider time) => new()
    {
        Host = mailbox.SmtpHost
        ?? throw new RuleBroken("mailbox_without_server", $"{mailbox.Address} has no mail server."),
        Port = mailbox.SmtpPort ?? 587, Security = mailbox.SmtpSecurity switch
        {
            "tls" => SmtpSecurity.ImplicitTls,
            "none" => SmtpSecurity.None,
            _ => SmtpSecurity.StartTls,
        },
        Credentials = mailbox is { SmtpUsername: { } user, SmtpPassword: { } sealedPassword }
            ? new SmtpCredentials.WithPassword(user, secrets.OpenText(sealedPassword, PasswordPlace(mailbox)))
            : null,
        TrustedAuthorities = string.IsNullOrWhiteSpace(mailbox.SmtpCa) ? null : Authorities(mailbox.SmtpCa),
        Time = time,
    };

    internal static SecretPlace PasswordPlace(Mailbox mailbox) =>
        new("mailboxes", "smtp_password", mailbox.Id.ToString(), mailbox.WorkspaceId);

    static SendOutcome SendOutcomeOf(SmtpFault fault) => new SendOutcome.Deferred(fault);

    /// <summary>
    /// The same object for the same text: the pool keeps sessions apart by whom they trust.
    /// </summary>
    static X509Certificate2Collection Authorities(string pem)
    {
        if (KnownAuthorities.TryGetValue(pem, out var known)) return known;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return KnownAuthorities.Count < MaxKnownAuthorities
            ? KnownAuthorities.GetOrAdd(pem, authorities) : authorities;
    }

    sealed class Held(SmtpRental rental, SmtpTransmission? transmission, SendOutcome? early) : IPreparedSend
    {
        bool isHandedOn;

        public string Transport => Name;

        public SendOutcome? Outcome => early ?? transmission?.Outcome;

        public Task<SendOutcome> Finish(CancellationToken cancel) => transmission!.Finish(cancel);

        public async Task<(SendOutcome Outcome, Task<IPreparedSend?> Next)> FinishAndPrepare(
            string from, string to, byte[] message, CancellationToken cancel)
        {
            var envelope = new SmtpEnvelope(EmailAddress.Parse(from), [EmailAddress.Parse(to)]);
            var (outcome, next) = await transmission!.FinishAndPrepare(
                envelope, message, CancellationToken.None, cancel);
            isHandedOn = true;
            return (outcome, Behind(next));
        }

        /// <summary>
        /// A connection that broke or was closed behind the dot says nothing about the next message.
        /// </summary>
        async Task<IPreparedSend?> Behind(Task<SmtpTransmission> preparing)
        {
            try
            {
                var next = await preparing;
                if (next.Outcome is null || rental.Connection.Session!.CanReuse)
                    return new Held(rental, next, null);
            }
            catch
            {
                await rental.DisposeAsync();
                throw;
            }

            await rental.DisposeAsync();
            return null;
        }

        public void Abandon() => transmission?.Abandon();

        public async ValueTask DisposeAsync()
        {
            if (isHandedOn) return;
            if (transmission is not null) await transmission.DisposeAsync();
            await rental.DisposeAsync();
        }
    }
}
