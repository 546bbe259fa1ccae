using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

/// <summary>What taking an import back would do, before it is done.</summary>
public sealed partial class ImportUndoPage(PageState state, Imports imports, NavigationManager navigation)
    : ImportPage(state, imports)
{
    [Parameter]
    public long Id { get; set; }

    Import Import { get; set; } = null!;

    UndoForecast? Forecast { get; set; }

    string Refusal => Imports.WhyNotUndo(Import) ?? "";

    protected override async Task Load()
    {
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
        if (Import.CanUndo) Forecast = await Imports.ForecastUndo(WorkspaceId, Id, Cancel);
    }

    async Task Undo()
    {
        long job = 0;
        if (await Try(async () => job = await Imports.Undo(WorkspaceId, Id, State.Caller.Name, Cancel)))
            navigation.NavigateTo(
                Address(Id, $"/run?undo={job.ToString(CultureInfo.InvariantCulture)}"));
    }

    static bool DeletesNothing(UndoForecast forecast) =>
        forecast.LeadsRemoved + forecast.ContactsRemoved + forecast.CompaniesRemoved == 0;

    static string WhyNothing(UndoForecast forecast) =>
        forecast.ContactsKept + forecast.ContactsHeld + forecast.CompaniesKept > 0
            ? "Whatever this file added stays: it is in use, or another list named it."
            : "This file added nothing that is still here.";

    static string Gone(UndoForecast forecast) =>
        $"{Words.Many(forecast.LeadsRemoved, "lead")}, "
        + $"{Words.Many(forecast.ContactsRemoved, "person", "people")} and "
        + $"{Words.Many(forecast.CompaniesRemoved, "company", "companies")} are deleted";

    internal static string Lists(IReadOnlyList<HeldBy> lists) =>
        string.Join(", ", lists.Select(list => $"{list.FileName} ({list.People:N0})"));

    static string Changed(UndoForecast forecast) =>
        $"{Words.Many(forecast.ContactsChanged, "person", "people")} and "
        + $"{Words.Many(forecast.CompaniesChanged, "company", "companies")} get back what they held before";
}
