using System.Text;
using Microsoft.AspNetCore.Components;
using Overture.Core.Reports;
using Overture.Mail;

namespace Overture.Server.Web;

public sealed partial class CapturedMailPage(PageState state, MessageReport messages) : LoadedPage(state)
{
    [Parameter]
    public long Id { get; set; }

    byte[] Bytes { get; set; } = [];

    ReceivedEmail Mail { get; set; } = null!;

    CapturedRow? Row { get; set; }

    // What we write is ASCII; should a byte above it occur, each is still shown as one character.
    string Source => Encoding.Latin1.GetString(Bytes);

    protected override async Task Load()
    {
        Bytes = await messages.CapturedBytes(WorkspaceId, Id, Cancel);
        Mail = MimeReader.Read(Bytes);
        Row = (await messages.Captured(WorkspaceId, Id + 1, 1, Cancel)).FirstOrDefault(row => row.Id == Id);
    }
}
