using Microsoft.AspNetCore.Components;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class MessagePage(PageState state, MessageReport messages) : LoadedPage(state)
{
    [Parameter]
    public long Id { get; set; }

    MessageDetail Detail { get; set; } = null!;

    MessageRow Row => Detail.Row;

    string Title => Row.Subject.Length > 0 ? Row.Subject
        : $"{Words.Of(Row.Channel)} message to {Row.ContactName}";

    protected override async Task Load() => Detail = await messages.Of(WorkspaceId, Id, Cancel);
}
