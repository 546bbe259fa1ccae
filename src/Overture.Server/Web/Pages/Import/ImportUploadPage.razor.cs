using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportUploadPage(PageState state, Imports imports, NavigationManager navigation)
    : ImportPage(state, imports)
{
    const string PastedName = "pasted rows.csv";

    string Pasted { get; set; } = "";

    bool IsWrong(string field) => AtItsField?.Pointer == field;

    protected override Task Load()
    {
        if (int.TryParse(State.Http.Request.Query[ImportUploadLimitAttribute.Refused], NumberStyles.None,
            CultureInfo.InvariantCulture, out var mebibytes))
            Refuse(new RuleBroken("file_too_large",
                $"The upload has {mebibytes:N0} MiB; at most {Imports.MaxBytes / 1024 / 1024} are taken. "
                + "Split the file.",
                "file"));
        return Task.CompletedTask;
    }

    async Task Upload()
    {
        Pasted = Form("text");
        long id = 0;
        var kept = await Try(async () =>
        {
            var (name, content) = Given();
            await using var owned = content;
            id = await Imports.Upload(WorkspaceId, name, content, State.Caller.Name, Cancel);
        });
        if (kept) navigation.NavigateTo(Address(id));
    }

    (string Name, Stream Content) Given()
    {
        var file = State.Http.Request.Form.Files.GetFile("file");
        var hasFile = file is { Length: > 0 } || !string.IsNullOrEmpty(file?.FileName);
        if (hasFile && Pasted.Trim().Length > 0)
            throw new RuleBroken("two_sources", "Choose a file or paste rows, not both.", "text");
        if (hasFile && file!.Length == 0)
            throw new RuleBroken("empty_file", $"{file.FileName} is empty. Choose another file.", "file");
        if (hasFile) return (file!.FileName, file.OpenReadStream());
        if (Pasted.Trim().Length == 0)
            throw new RuleBroken("no_file", "Choose a file, or paste rows below.", "file");
        return (PastedName, new MemoryStream(Encoding.UTF8.GetBytes(Pasted)));
    }

    /// <summary>What the reader says of a file is said of the pasted rows, where those were given.</summary>
    RuleBroken? AtItsField => Broken is { Pointer: "file" } broken && Pasted.Trim().Length > 0
        ? new RuleBroken(broken.Code, broken.Sentence, "text")
        : Broken;
}
