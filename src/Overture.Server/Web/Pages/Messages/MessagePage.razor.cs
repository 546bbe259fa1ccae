using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class MessagePage(PageState state, MessageReport messages, SettleSend sends)
    : LoadedPage(state)
{
    [Parameter]
    public long Id { get; set; }

    MessageDetail Detail { get; set; } = null!;

    MessageRow Row => Detail.Row;

    IReadOnlyList<SendEvidence> Evidence { get; set; } = [];

    bool IsUncertain => Detail.Attempts.Any(attempt => attempt.State == "uncertain")
        && Detail.IntentState == "uncertain";

    string Title => Row.Subject.Length > 0 ? Row.Subject
        : $"{Words.Of(Row.Channel)} message to {Row.ContactName}";

    protected override async Task Load()
    {
        Detail = await messages.Of(WorkspaceId, Id, Cancel);
        Evidence = await sends.Evidence(WorkspaceId, Id, Cancel);
    }
}
