using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes the exact bytes of a letter: MIME, marks, and the signature of its sender's domain.
/// </summary>
public sealed class LetterWriter(
    Database database, SendingIdentity identity, DomainKeys keys, TimeProvider time)
{
    public async Task<Letter> Write(Letter letter, CancellationToken cancel)
    {
        var marks = MessageIdentity.For(
            identity.InstanceKey, letter.Workspace.Id, letter.Message.EnrollmentId, letter.Message.StepId,
            letter.Mailbox.Domain);
        var now = time.GetUtcNow();
        var bytes = EmailBuilder.Build(
            letter.Message, letter.Mailbox, letter.ToName, letter.Thread,
            EmailBuilder.UnsubscribeLink(identity, marks.UnsubscribeToken), now, await Html(letter, cancel));
        if (letter.Mailbox.IsGmail) return letter with { Bytes = bytes }; // Gmail signs what it sends itself.
        var signer = await keys.SignerOf(letter.Workspace.Id, letter.Mailbox.Domain, cancel);
        return letter with { Bytes = signer is null ? bytes : signer.Sign(bytes, now) };
    }

    async Task<Func<string, string>?> Html(Letter letter, CancellationToken cancel) => letter.Tracking.IsOff
        ? null
        : await database.InWorkspace(
            letter.Workspace.Id,
            session => TrackedBody.For(session, identity, letter.Message, letter.Tracking, cancel), cancel);
}
