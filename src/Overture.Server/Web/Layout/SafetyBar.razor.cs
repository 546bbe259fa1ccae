using Microsoft.AspNetCore.Components;
using Overture.Core.Model;

namespace Overture.Server.Web;

/// <summary>Whether anything can leave, and the button that stops it; the same on every page.</summary>
public sealed partial class SafetyBar(PageState state)
{
    [Parameter]
    public string Back { get; set; } = "/";

    Workspace Workspace => state.Workspace;

    string Mood => Workspace.QuarantineReason is not null || Workspace.IsStopped
        || Workspace.UnrecordedSince is not null ? "is-stopped"
        : Workspace.DryRun ? "is-dry" : "is-real";
}
