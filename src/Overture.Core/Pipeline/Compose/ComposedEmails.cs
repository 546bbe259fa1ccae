using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>An email as a batch has composed it, not kept yet.</summary>
sealed record ComposedEmail(
    Enrollment Enrollment, Message Message, byte[] UnsubscribeHash, long MailboxId, DateTime? ExpiresAt,
    string Summary);

/// <summary>
/// The emails of a batch, kept together: a statement for the messages and the plan to send them, one for the
/// enrollments that now wait, one for the log.
/// </summary>
sealed class ComposedEmails
{
    readonly List<ComposedEmail> emails = [];

    public void Add(ComposedEmail email) => emails.Add(email);

    public void Keep(Batch batch, DateTime now)
    {
        if (emails.Count == 0) return;
        MessageStore.InsertPlanned(batch, emails.ConvertAll(one => new MessageToKeep(
            one.Message, one.UnsubscribeHash, one.MailboxId, one.ExpiresAt)), now);
        EnrollmentStore.AwaitSendAll(
            batch, [.. emails.Select(one => one.Enrollment.Id)], [.. emails.Select(one => one.MailboxId)]);
        ActivityStore.AppendAll(
            batch, [.. emails.Select(one => one.Enrollment.LeadId)], "composed", "campaign",
            [.. emails.Select(one => one.Summary)], now);
    }
}
