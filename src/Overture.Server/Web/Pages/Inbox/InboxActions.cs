using System.Net;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Mail;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class InboxActions
{
    const int LongestSnoozeDays = 365;

    /// <summary>A stranger's message: no script, nothing from elsewhere, in a frame without our origin.</summary>
    const string MailPolicy =
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    public static void MapInboxActions(this WebApplication app)
    {
        app.MapGet("/inbox/mail/{id:long}", Mail).RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        app.MapAction("/inbox/{id:long}/answer", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? body, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "It leaves in 30 seconds. Until then it can be taken back.",
                    by => conversations.Answer(by.WorkspaceId, id, body ?? "", by.Name, cancel)));
        app.MapAction("/inbox/answers/{id:long}/undo", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Taken back: nothing was sent.",
                    by => conversations.TakeBack(by.WorkspaceId, id, by.Name, cancel)));
        app.MapAction("/inbox/{id:long}/snooze", Policies.Member,
            (long id, HttpContext http, Conversations conversations, TimeProvider time, [FromForm] int days,
                [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Snoozed.", by => conversations.Snooze(
                    by.WorkspaceId, id,
                    time.GetUtcNow().UtcDateTime.AddDays(Math.Clamp(days, 1, LongestSnoozeDays)), cancel)));
        app.MapAction("/inbox/{id:long}/assign", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] bool mine, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, mine ? "It is yours." : "It is nobody's.",
                    by => conversations.Assign(by.WorkspaceId, id, mine ? by.UserId : null, cancel)));
        app.MapAction("/inbox/{id:long}/note", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? note, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "Noted.",
                    by => conversations.AddNote(by.WorkspaceId, id, note ?? "", by.Name, cancel)));
        app.MapAction("/inbox/{id:long}/intent", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] ReplyIntent intent,
                [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Corrected.",
                    by => conversations.SetIntent(by.WorkspaceId, id, intent, by.Name, cancel)));
        MapStates(app);
    }

    static void MapStates(WebApplication app)
    {
        app.MapAction("/inbox/{id:long}/close", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Done.", by => conversations.Close(by.WorkspaceId, id, cancel)));
        app.MapAction("/inbox/{id:long}/reopen", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "It is open again.", by => conversations.Reopen(by.WorkspaceId, id, cancel)));
        app.MapAction("/inbox/{id:long}/unread", Policies.Member,
            (long id, HttpContext http, Conversations conversations, [FromForm] string? back, CancellationToken cancel) =>
                PageActions.Do(http, back, "Marked as unread.",
                    by => conversations.MarkRead(by.WorkspaceId, id, false, cancel)));
        app.MapAction("/inbox/holds/{enrollmentId:long}/lift", Policies.Member,
            (long enrollmentId, HttpContext http, Conversations conversations, [FromForm] string? back,
                CancellationToken cancel) =>
                PageActions.Do(http, back, "The sequence goes on.",
                    by => conversations.LiftHold(by.WorkspaceId, enrollmentId, by.Name, cancel)));
    }

    /// <summary>The whole message, made safe, for a sandboxed frame only.</summary>
    static async Task<IResult> Mail(long id, HttpContext http, InboxReport report, CancellationToken cancel)
    {
        var content = await report.Content(http.Caller().WorkspaceId, id, cancel)
            ?? throw RuleBroken.NotFound("message", id);
        http.Response.Headers.ContentSecurityPolicy = MailPolicy;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var mail = MimeReader.Read(content);
        var body = mail.Html is { } html
            ? SafeHtml.Sanitise(html)
            : $"<pre>{WebUtility.HtmlEncode(mail.Text ?? "")}</pre>";
        return TypedResults.Text(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Message</title>"
            + "<style>body{font:15px/1.5 system-ui,sans-serif;margin:12px;color:#1f2433;background:#fff;"
            + "overflow-wrap:anywhere}pre{white-space:pre-wrap;font:inherit}img{max-width:100%}</style></head>"
            + $"<body>{body}</body></html>", "text/html", Encoding.UTF8);
    }
}
