using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A campaign's next message as one lead would get it.</summary>
public sealed record MessagePreview(string LeadName, string To, string VariantName, RenderedMessage Rendered);

/// <summary>Shows, with the renderer that sends, what a lead would be written.</summary>
public sealed class PreviewMessage(Database database)
{
    public Task<IReadOnlyList<MessagePreview>> Of(
        long workspaceId, long campaignId, long leadId, int position, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var campaign = await CampaignStore.Find(session, campaignId, cancel)
                    ?? throw RuleBroken.NotFound("campaign", campaignId);
                var lead = await LeadStore.Find(session, leadId, cancel)
                    ?? throw RuleBroken.NotFound("lead", leadId);
                var steps = await CampaignStore.Steps(session, campaignId, cancel);
                var step = steps.FirstOrDefault(one => one.Position == position)
                    ?? throw RuleBroken.NotFound("step", position);
                var contact = await ContactStore.Find(session, lead.ContactId, cancel)
                    ?? throw RuleBroken.NotFound("contact", lead.ContactId);
                var company = lead.CompanyId is { } id ? await CompanyStore.Find(session, id, cancel) : null;
                var facts = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
                var mailbox = campaign.MailboxId is { } box
                    ? await MailboxStore.Find(session, box, cancel) : null;
                var fields = MergeFields.For(contact, company, facts, mailbox);
                return (IReadOnlyList<MessagePreview>)
                [.. step.Variants.Where(_ => step.IsTouch).Select(variant => new MessagePreview(
                    contact.FullName, contact.Email ?? "", variant.Name,
                    MessageRenderer.Render(step.Kind, variant, fields)))];
            },
            cancel);

    /// <summary>The lead of an audience of whom least is known: what is right for it is right for all.</summary>
    public Task<long?> LeastKnown(long workspaceId, LeadFilter audience, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => LeadListStore.LeastKnown(session, audience, cancel), cancel);
}
