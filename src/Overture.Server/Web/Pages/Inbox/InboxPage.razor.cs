using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Api;

namespace Overture.Server.Web;

public sealed partial class InboxPage(
    PageState state, InboxReport report, Conversations conversations, MailboxReaders readers,
    Mailboxes mailboxes, Leads leads)
    : LoadedPage(state)
{
    const int PageSize = 30;

    InboxScope Scope { get; set; } = InboxScope.Open;

    long? MailboxId { get; set; }

    long? SelectedId { get; set; }

    IReadOnlyList<Conversation> Rows { get; set; } = [];

    IReadOnlyList<Mailbox> Boxes { get; set; } = [];

    IReadOnlyDictionary<InboxScope, long> Counted { get; set; } = new Dictionary<InboxScope, long>();

    ConversationThread? Thread { get; set; }

    LeadDetail? Lead { get; set; }

    string? NextCursor { get; set; }

    bool IsListening { get; set; }

    DateTime? FirstSendAt { get; set; }

    string EmptyTitle => Query("search") is not null ? "Nothing found"
        : !IsListening ? "No mailbox is read yet"
        : Counted.Values.Sum() == 0 ? "No replies yet" : "Nothing here";

    string EmptyWhy => Query("search") is { } search ? $"No conversation here contains “{search}”."
        : !IsListening ? "Connect a mailbox with its IMAP server, and replies, bounces and absences appear here."
        : Counted.Values.Sum() > 0 ? "This scope is empty. Look into another one."
        : FirstSendAt is { } first
            ? $"The first ones can be expected from {Day(first.AddDays(1))}: most people answer within two days."
            : "Start a campaign; most people answer within two days of a message.";

    protected override async Task Load()
    {
        Scope = Enum.TryParse<InboxScope>(Query("scope")?.Replace("_", "", StringComparison.Ordinal), true, out var scope)
            ? scope : InboxScope.Open;
        MailboxId = Number("mailbox");
        SelectedId = Number("c");
        var by = State.Caller;
        if (SelectedId is { } id)
        {
            Thread = await report.Thread(WorkspaceId, id, Cancel);
            if (Thread.Conversation.IsUnread && MayWrite)
                await conversations.MarkRead(WorkspaceId, id, true, Cancel);
            if (Thread.Conversation.LeadId is { } lead) Lead = await leads.Get(WorkspaceId, lead, Cancel);
        }

        Counted = await report.Counts(WorkspaceId, by.UserId, Cancel);
        Boxes = await mailboxes.List(WorkspaceId, Cancel);
        var rows = await report.List(
            WorkspaceId, Scope, MailboxId, by.UserId, Query("search"), InboxCursor.Read(Query("cursor")),
            PageSize + 1, Cancel);
        NextCursor = rows.Count > PageSize ? InboxCursor.Of(rows[PageSize - 1]) : null;
        Rows = [.. rows.Take(PageSize)];
        IsListening = (await readers.List(WorkspaceId, Cancel)).Any(reader => reader.State == ReaderState.Listening);
        if (Rows.Count == 0) FirstSendAt = await report.FirstSendAt(WorkspaceId, Cancel);
    }

    string Link(params (string Name, string? Value)[] changes) => PageAddress.With(
        State.Http.Request,
        changes.Any(change => change.Name is "c" or "cursor") ? changes : [.. changes, ("c", null), ("cursor", null)]);

    string Count(InboxScope scope) =>
        Counted.GetValueOrDefault(scope).ToString("N0", CultureInfo.InvariantCulture);

    string Day(DateTime utc) => TimeZoneInfo
        .ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById(Zone))
        .ToString("d MMMM", CultureInfo.InvariantCulture);

    long? Number(string name) =>
        long.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static DateTimeOffset Instant(DateTime utc) => new(utc, TimeSpan.Zero);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Name(InboxScope scope) => scope switch
    {
        InboxScope.NeedsAnswer => "Needs an answer",
        InboxScope.Unread => "Unread",
        InboxScope.Positive => "Positive",
        InboxScope.Mine => "Mine",
        InboxScope.Open => "All open",
        InboxScope.Snoozed => "Snoozed",
        _ => "Done",
    };

    static string IconOf(InboxScope scope) => scope switch
    {
        InboxScope.NeedsAnswer => "message-reply",
        InboxScope.Unread => "mail",
        InboxScope.Positive => "mood-smile",
        InboxScope.Mine => "user",
        InboxScope.Open => "inbox",
        InboxScope.Snoozed => "alarm-snooze",
        _ => "check",
    };
}
