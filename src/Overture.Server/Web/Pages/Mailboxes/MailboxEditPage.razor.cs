using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class MailboxEditPage(
    PageState state, Mailboxes mailboxes, NavigationManager navigation)
    : LoadedPage(state)
{
    static readonly string[] DayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    static readonly (string Value, string Text)[] Securities =
        [("starttls", "STARTTLS (587)"), ("tls", "TLS (465)"), ("none", "None: only on this computer")];

    [Parameter]
    public long? Id { get; set; }

    MailboxDraft Draft { get; set; } = new() { Address = "", FromName = "" };

    bool HasPassword { get; set; }

    protected override async Task Load()
    {
        if (Id is { } id)
        {
            var kept = await mailboxes.Get(WorkspaceId, id, Cancel);
            HasPassword = kept.SmtpPassword is not null;
            Draft = MailboxDraft.Of(kept);
        }
        else
        {
            Draft = Draft with { FromName = State.Caller.Name, TimeZone = Zone };
        }
    }

    async Task Save()
    {
        var saved = await Try(
            async () =>
            {
                Draft = Typed();
                if (Id is { } id) await mailboxes.Update(WorkspaceId, id, Draft, Cancel);
                else await mailboxes.Create(WorkspaceId, Draft, Cancel);
            },
            Role.Admin);
        if (!saved) return;
        Notice.Say(State.Http, Draft.SmtpHost is null ? "Saved." : "Saved. Test the connection to be sure.");
        navigation.NavigateTo("/mailboxes");
    }

    /// <summary>
    /// What was typed; the password stays out of <see cref="Draft"/>'s markup, which never shows it.
    /// </summary>
    MailboxDraft Typed()
    {
        // Texts first, so that they are shown again when a number below is refused.
        Draft = Draft with
        {
            Address = Form("address").Trim(), FromName = Form("from_name"), SmtpHost = Blank("smtp_host"),
            SmtpSecurity = Form("smtp_security"), SmtpUsername = Blank("smtp_username"),
            SmtpPassword = Form("smtp_password"), SmtpCa = Blank("smtp_ca"),
            BookingLink = Blank("booking_link"),
            PostalAddress = Form("postal_address"), TimeZone = Form("time_zone"),
            WorkingDays = [.. State.Http.Request.Form["working_days"].Select(day =>
                int.TryParse(day, out var n) ? n : 0)],
        };
        return Draft with
        {
            SmtpPort = Blank("smtp_port") is null ? null : Number("smtp_port", "The port"),
            PerMinuteLimit = Number("per_minute_limit", "The limit a minute"),
            DailyLimit = Number("daily_limit", "The limit a day"),
            WeeklyLimit = Number("weekly_limit", "The limit a week"),
            WindowOpens = Time("window_opens"), WindowCloses = Time("window_closes"),
        };
    }

    int Number(string name, string what) =>
        int.TryParse(Form(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RuleBroken("bad_number", $"{what} is a whole number.", name);

    TimeOnly Time(string name) =>
        TimeOnly.TryParse(Form(name), CultureInfo.InvariantCulture, out var time)
            ? time
            : throw new RuleBroken("bad_time", "Enter a time such as 09:00.", name);

    string? Blank(string name) => Form(name).Trim() is { Length: > 0 } text ? text : null;

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Clock(TimeOnly time) =>
        time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
}
