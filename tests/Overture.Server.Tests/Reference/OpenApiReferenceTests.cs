using System.Runtime.Versioning;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Overture.Server.Tests.Reference;

[SupportedOSPlatform("linux")]
public sealed class OpenApiReferenceTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        // Apostrophes stay readable; the file is never put into a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task The_api_is_written_down()
    {
        using var visitor = app.SignedIn();
        using var answer = await visitor.GetJson("/openapi/v1.json");
        answer.EnsureSuccessStatusCode();

        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        var text = document.ToJsonString(Indented).ReplaceLineEndings("\n");
        ReferenceFile.IsCurrent("openapi.json", text + "\n");
    }
}
