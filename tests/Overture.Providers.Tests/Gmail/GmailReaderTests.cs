using System.Text;
using System.Text.Json;
using Overture.Providers.Gmail;
using Overture.Providers.Outbound;

namespace Overture.Providers.Tests.Gmail;

/// <summary>Recorded answers of the real service, and answers that are not what was promised.</summary>
public class GmailReaderTests
{
    [Fact]
    public void Recorded_answers_are_read()
    {
        Assert.Equal(
            new GmailDraft("r5151461288000502025", new GmailName("199400f21a8f1186", "199400f21a8f1186")),
            GmailReader.Draft(Recorded("mail__write__drafts__new.json")));
        Assert.Equal(
            new GmailName("19dda60ec116bd0a", "19dda60a46b46e46"),
            GmailReader.Name(Recorded("send-draft.json")));
        Assert.Equal(3, GmailReader.Names(Recorded("list-messages.json")).Count);
        Assert.Empty(GmailReader.Names("""{"resultSizeEstimate":0}"""u8.ToArray()));
    }

    [Theory]
    [InlineData("mail__forbidden.json", 403, FailureKind.Forbidden)]
    [InlineData("mail__records-by-ids__error-not-found.json", 404, FailureKind.NotFound)]
    [InlineData("mail__records-by-ids__error-server.json", 500, FailureKind.Unavailable)]
    public void Recorded_refusals_are_judged(string file, int code, FailureKind expected)
    {
        var answer = new Answer(
            new Uri("https://gmail.googleapis.com"), code, new Dictionary<string, string>(), Recorded(file),
            DateTimeOffset.UnixEpoch);

        Assert.Equal(expected, GmailVerdict.Of(answer)!.Kind);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":"1","raw":"not base64!"}""")]
    [InlineData("""{"id":["1"],"raw":""}""")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public void What_is_no_message_is_malformed(string body) =>
        Assert.Throws<MalformedAnswerException>(() => GmailReader.Message(Encoding.UTF8.GetBytes(body)));

    static byte[] Recorded(string file)
    {
        var bytes = File.ReadAllBytes(TestOutbound.Data("providers/gmail/" + file));
        var root = JsonDocument.Parse(bytes).RootElement;
        return root.TryGetProperty("response", out var response)
            ? Encoding.UTF8.GetBytes(response.GetProperty("body").GetRawText())
            : bytes;
    }
}
