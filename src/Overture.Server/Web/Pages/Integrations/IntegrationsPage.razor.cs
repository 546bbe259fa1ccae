using System.Globalization;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class IntegrationsPage(PageState state, Integrations integrations, Waterfalls waterfalls)
    : LoadedPage(state)
{
    const int MostCalls = 20;

    static readonly (string Step, string Label, string Icon)[] Steps =
        [("earlier", "Ask earlier", "arrow-up"), ("later", "Ask later", "arrow-down"), ("skip", "Do not ask", "x")];

    IReadOnlyList<Integration> Connected { get; set; } = [];

    IReadOnlyList<ProviderCall> Calls { get; set; } = [];

    IReadOnlyDictionary<string, DateTime> Resting { get; set; } = new Dictionary<string, DateTime>();

    IReadOnlyDictionary<string, long> Lost { get; set; } = new Dictionary<string, long>();

    WaterfallSettings Settings { get; set; } = new();

    protected override async Task Load()
    {
        Connected = await integrations.List(WorkspaceId, Cancel);
        Calls = await integrations.Calls(WorkspaceId, null, null, MostCalls, Cancel);
        Resting = (await integrations.Resting(Cancel)).ToDictionary(one => one.Provider, one => one.OpenUntil);
        Lost = (await integrations.Questions(WorkspaceId, Cancel)).Where(row => row.State == "lost")
            .ToDictionary(row => row.Provider, row => row.Count);
        Settings = await waterfalls.Get(WorkspaceId, Cancel);
    }

    IReadOnlyList<string> Order(string fieldSet) => Settings.OrderOf(fieldSet, Connected);

    List<string> Able(string fieldSet) =>
        [.. Connected.Where(one => one.IsEnabled && ProviderKind.Find(one.Provider)?.Answers.Contains(fieldSet) == true)
            .Select(one => one.Provider)];

    static string Badge(Integration? one) => one switch
    {
        null => "not connected",
        { IsEnabled: false } => "paused",
        { LastFailureAt: { } bad } when bad > (one.LastSuccessAt ?? DateTime.MinValue) => "failed",
        _ => "connected",
    };

    static string FieldSetName(string fieldSet) => fieldSet switch
    {
        FieldSet.Company => "Company facts",
        FieldSet.Email => "Addresses",
        FieldSet.Person => "Personal facts",
        _ => "Checks of addresses",
    };

    static string Amount(decimal amount) => amount.ToString("#,0.######", CultureInfo.InvariantCulture);
}
