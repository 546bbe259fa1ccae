using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class MailboxReaderActions
{
    public static void MapMailboxReaderActions(this WebApplication app)
    {
        app.MapAction("/mailboxes/{id:long}/reader", Policies.Admin,
            (long id, HttpContext http, MailboxReaders readers, CancellationToken cancel) => PageActions.Do(
                http, Back(id), "Saved. It is read from now on; test it to be sure.",
                async by =>
                {
                    // The form shows neither; whoever set them did so by the interface for programs.
                    var kept = await readers.Find(by.WorkspaceId, id, cancel);
                    var typed = Typed(await http.Request.ReadFormAsync(cancel)) with
                    {
                        ImapCa = kept?.ImapCa, ImapLogin = kept?.ImapLogin ?? "password",
                    };
                    await readers.Put(by.WorkspaceId, id, typed, cancel);
                }));
        app.MapAction("/mailboxes/{id:long}/reader/pause", Policies.Member,
            (long id, HttpContext http, MailboxReaders readers, CancellationToken cancel) => PageActions.Do(
                http, Back(id), "Paused: nothing is read.", by => readers.Pause(by.WorkspaceId, id, cancel)));
        app.MapAction("/mailboxes/{id:long}/reader/resume", Policies.Member,
            (long id, HttpContext http, MailboxReaders readers, CancellationToken cancel) => PageActions.Do(
                http, Back(id), "It is read again.", by => readers.Resume(by.WorkspaceId, id, cancel)));
        app.MapAction("/mailboxes/{id:long}/reader/test", Policies.Member,
            async (long id, HttpContext http, TestMailboxReader test, CancellationToken cancel) =>
            {
                var result = await test.Run(http.Caller().WorkspaceId, id, cancel);
                if (result.Works) Notice.Say(http, result.Sentence);
                else Notice.Refuse(http, $"{result.Sentence} {result.Remedy}");
                return Actions.BackTo(Back(id));
            });
    }

    static string Back(long id) => $"/mailboxes/{id}/edit";

    static MailboxReaderDraft Typed(IFormCollection form) => new()
    {
        ImapHost = form["imap_host"].ToString(),
        ImapPort = int.TryParse(form["imap_port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port : throw new RuleBroken("bad_port", "A port is a number from 1 to 65535.", "imap_port"),
        ImapSecurity = form["imap_security"].ToString(), ImapUsername = form["imap_username"].ToString(),
        ImapSecret = form["imap_secret"].ToString(),
        Aliases = form["aliases"].ToString().Split(
            [',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    };
}
