using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class LeadDetailPage(
    PageState state, Leads leads, MessageReport messages, TimeProvider time)
    : LoadedPage(state)
{
    const int MostMessages = 50;

    [Parameter]
    public long Id { get; set; }

    LeadDetail Detail { get; set; } = null!;

    Lead Lead => Detail.Lead;

    Contact Contact => Detail.Contact;

    IReadOnlyList<MessageRow> Messages { get; set; } = [];

    ScoreExplanation Explained { get; set; } = ScoreExplanation.None;

    /// <summary>
    /// By field, the believed word first; others about the same are kept and shown below it.
    /// </summary>
    IReadOnlyList<FactTable.Row> Facts =>
        [.. Detail.Facts.GroupBy(fact => fact.Field).SelectMany(
            group => FactChoice.InOrder(group, time.GetUtcNow().UtcDateTime).Index().Select(
                entry => new FactTable.Row(
                    Words.Of(entry.Item.Field), ValueInWords(entry.Item),
                    ProviderKind.Find(entry.Item.Provider)?.Title ?? Words.Of(entry.Item.Provider),
                    entry.Item.Confidence, Instant(entry.Item.ObservedAt), entry.Index > 0)))];

    IReadOnlyList<Timeline.Entry> History =>
        [.. Detail.Timeline.Select(entry => new Timeline.Entry(
            IconOf(entry.Kind), entry.Summary, Words.Of(entry.Actor), Instant(entry.OccurredAt)))];

    string? Subtitle => (Contact.Title, Detail.Company?.Name) switch
    {
        ({ } title, { } company) => $"{title} at {company}",
        ({ } title, null) => title,
        (null, { } company) => $"At {company}",
        _ => null,
    };

    protected override async Task Load()
    {
        Detail = await leads.Get(WorkspaceId, Id, Cancel);
        Messages = await messages.List(WorkspaceId, null, Id, null, null, MostMessages, Cancel);
        Explained = ScoreExplanation.Read(Lead.ScoreReasons);
    }

    static string ValueInWords(Fact fact) => fact.Field == HeldPosition.Field
        ? HeldPosition.InWords(fact.Value) : JsonText.Of(fact.Value);

    static DateTimeOffset Instant(DateTime utc) => new(utc, TimeSpan.Zero);

    static string? Place(params string?[] parts) =>
        string.Join(", ", parts.Where(part => !string.IsNullOrWhiteSpace(part)).Distinct())
            is { Length: > 0 } text ? text : null;

    static string IconOf(string kind) => kind switch
    {
        "collected" or "added" => "plus",
        "imported" => "file-import",
        "merged" => "arrow-merge",
        "enriched" => "sparkles",
        "ranked" => "target",
        "accepted" => "check",
        "rejected" => "x",
        "enrolled" => "list-check",
        "composed" => "edit",
        "captured" => "inbox",
        "sent" or "delivered" => "send",
        "replied" => "message",
        "failed" or "bounced" or "uncertain" => "alert-triangle",
        "unsubscribed" or "suppressed" => "ban",
        "opened" or "clicked" => "eye",
        _ => "activity",
    };
}
