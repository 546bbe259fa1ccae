using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>The way out that a mailbox takes; in the dry run nothing leaves.</summary>
public sealed class Transports(SmtpTransport smtp, GmailTransport gmail, CaptureTransport capture)
{
    public ITransport For(Workspace workspace, Mailbox mailbox) =>
        workspace.DryRun ? capture : mailbox.IsGmail ? gmail : smtp;
}
