using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Overture.Mail.Tests.Dns;

namespace Overture.Mail.Tests;

public class ImapParserTests
{
    [Fact]
    public void Outside_lines_are_parsed_as_by_the_best_peer()
    {
        var (right, all, misses) = (0, 0, new List<string>());
        foreach (var (file, expected) in CorpusScore.Rows("imap-parse"))
        {
            var test = CorpusScore.Json(file);
            var input = Convert.FromBase64String(test.GetProperty("input_b64").GetString()!);
            var literals = new List<ReadOnlyMemory<byte>>();
            if (test.GetProperty("options") is { ValueKind: JsonValueKind.Object } options
                && options.TryGetProperty("literals", out var given))
                literals.AddRange(given.EnumerateArray()
                    .Select(one => (ReadOnlyMemory<byte>)Convert.FromBase64String(one.GetString()!)));
            var wanted = expected.TryGetProperty("error", out _)
                ? "error"
                : JsonNode.Parse(expected.GetProperty("parsed").GetRawText())!.ToJsonString();
            string got;
            try
            {
                got = Shape(ImapParser.Parse(input, literals)).ToJsonString();
            }
            catch (ImapSyntaxException broken)
            {
                got = wanted == "error" ? "error" : broken.Message;
            }

            all++;
            if (JsonNode.DeepEquals(Node(got), Node(wanted))) right++;
            else misses.Add($"{Path.GetFileName(file)} {test.GetProperty("test")}: {got}, not {wanted}");
        }

        CorpusScore.Report("IMAP lines", right, all, "99.7 % (imapflow)", misses);
        Assert.True(right >= all * 0.97, $"{right} of {all}");
    }

    static JsonNode? Node(
        string text) => text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text);

    // The peer's shape of a parsed line, in which the corpus is labelled.
    static JsonObject Shape(ImapLine line)
    {
        var shape = new JsonObject { ["tag"] = line.Tag };
        var values = new JsonArray();
        shape["command"] = line.Number?.ToString() ?? line.Command;
        if (line.Number is not null) values.Add(Atom("ATOM", line.Command));
        if (line.Code is { } code)
        {
            var atom = Atom("ATOM", "");
            atom["section"] = new JsonArray([.. code.Select(Shape)]);
            values.Add(atom);
        }

        foreach (var value in line.Values) values.Add(Shape(value));
        if (line.Text is { } text) values.Add(Atom("TEXT", text));
        if (line.Padding > 0) shape["nullBytesRemoved"] = line.Padding;
        if (values.Count > 0) shape["attributes"] = values;
        return shape;
    }

    static JsonNode? Shape(ImapValue value)
    {
        if (value.Kind == ImapKind.Nil) return null;
        if (value.Kind == ImapKind.List) return new JsonArray([.. value.Items.Select(Shape)]);
        if (value.Kind == ImapKind.Literal)
            return new JsonObject
            {
                ["type"] = "LITERAL",
                ["value"] = new JsonObject { ["b64"] = Convert.ToBase64String(value.Bytes.Span) },
            };
        var type = value.Kind switch { ImapKind.Quoted => "STRING", ImapKind.Sequence => "SEQUENCE", _ =>
            "ATOM" };
        var shape = Atom(type, value.Text!);
        if (value.Section is { } section) shape["section"] = new JsonArray([.. section.Select(Shape)]);
        if (value.Partial is { } partial)
            shape["partial"] = new JsonArray([.. partial.Select(number => JsonValue.Create(number))]);
        return shape;
    }

    static JsonObject Atom(string type, string value) => new() { ["type"] = type, ["value"] = value };

    [Fact]
    public async Task Recorded_conversations_are_read_to_their_end()
    {
        var (answers, transcripts, lines, files) = (0, 0, 0, 0);
        var misses = new List<string>();
        foreach (var (file, _) in CorpusScore.Rows("mail-wire", "imap_"))
        {
            // The recordings are kept with bare line feeds; their literals count CRLF.
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(file)).Replace("\r\n", "\n").Replace("\n",
                "\r\n");
            var reader = new ImapReader(new MemoryStream(Encoding.Latin1.GetBytes(text)));
            var broken = false;
            files++;
            while (true)
            {
                try
                {
                    lines++;
                    if (await reader.Read(null, TestContext.Current.CancellationToken) is null) break;
                    answers++;
                }
                catch (ImapFailed failure)
                {
                    misses.Add($"{Path.GetFileName(file)}: {failure.Failure.ServerText}");
                    broken = true;
                    if (failure.Failure.Kind == ImapFailureKind.Disconnected) break;
                }
            }

            lines--;
            if (!broken) transcripts++;
        }

        CorpusScore.Report("IMAP wire, responses", answers, lines, "652/654 (imapflow)", misses);
        CorpusScore.Report("IMAP wire, transcripts", transcripts, files, "164/166 (imapflow)", []);
        Assert.True(answers >= lines * 0.99, $"{answers} of {lines}");
        Assert.True(transcripts >= files * 0.98, $"{transcripts} of {files}");
    }

    static ImapLine Parse(string line, params string[] literals) => ImapParser.Parse(
        Encoding.UTF8.GetBytes(line),
            [.. literals.Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one))]);

    [Fact]
    public void A_fetch_with_literals_keeps_its_order()
    {
        var line = Parse("* 7 FETCH (UID 9 BODY[HEADER] {3}\r\n BODY[TEXT]<0> ~{4}\r\n)", "abc", "defg");
        Assert.Equal(("FETCH", 7L), (line.Command, line.Number));
        var items = line.Values[0].Items;
        Assert.Equal("abc", items[3].Text);
        Assert.Equal("defg", items[5].Text);
        Assert.Equal([0L], items[4].Partial!);
    }

    [Fact]
    public void A_folder_in_brackets_is_text_and_no_code()
    {
        Assert.Null(Parse("A1 OK [Gmail]/Sent selected").Code);
        Assert.Equal("READ-ONLY", Parse("A1 OK [READ-ONLY] [Gmail]/Sent selected").CodeName);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(100_000, false)]
    public void Lists_are_bounded_in_depth(int depth, bool fits)
    {
        var line = "* X " + new string('(', depth) + new string(')', depth);
        if (fits) Assert.Single(Parse(line).Values);
        else Assert.Throws<ImapSyntaxException>(() => Parse(line));
    }

    [Theory]
    [InlineData("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語")]
    [InlineData("Entw&APw-rfe", "Entwürfe")]
    [InlineData("A &- B", "A & B")]
    [InlineData("&2D3eAA-", "😀")]
    public void Folder_names_go_to_and_fro(string encoded, string name)
    {
        Assert.Equal(name, ImapUtf7.Decode(encoded));
        Assert.Equal(encoded, ImapUtf7.Encode(name));
    }

    [Theory]
    [InlineData("&Jjo")]
    [InlineData("&2D0-")]
    [InlineData("&!!!-x")]
    [InlineData("Trash & Co")]
    public void A_broken_folder_name_is_kept_as_it_stands(string encoded) =>
        Assert.Equal(encoded, ImapUtf7.Decode(encoded));

    [Fact]
    public void Mutated_lines_end_in_a_line_or_a_syntax_error()
    {
        var random = new Random(42);
        byte[] seed =
        [
            .. "* 3 FETCH (UID 4 FLAGS (\\Seen) "u8,
            .. "BODY[HEADER.FIELDS (From)]<0.9> {4}\r\n ENVELOPE (\"a\" NIL))"u8,
        ];
        for (var i = 0; i < 20_000; i++)
        {
            var line = seed.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                line[random.Next(line.Length)] = (byte)random.Next(256);
            try
            {
                ImapParser.Parse(line, [new byte[4]]);
            }
            catch (ImapSyntaxException)
            {
                continue;
            }
        }
    }
}
