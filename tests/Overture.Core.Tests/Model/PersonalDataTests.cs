using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

/// <summary>Export and erasure of one person, and what keeps them suppressed afterwards.</summary>
[SupportedOSPlatform("linux")]
public sealed class PersonalDataTests
{
    const string Address = "ann1@client.example";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_erasure_the_address_and_the_words_stand_nowhere()
    {
        await using var them = await WithHistory();
        Assert.NotEmpty(await Places(them, "ann1@"));
        var receipt = await them.Test.Get<PersonalData>().Erase(them.Test.Id, "Ann1@Client.example", "Ada", Cancel);
        Assert.Equal(1, receipt.Removed.GetProperty("contact").GetInt32());
        Assert.Equal(1, receipt.Removed.GetProperty("imported lines").GetInt32());
        Assert.Empty(await Places(them, "ann1@"));
        Assert.Empty(await Places(them, "Number1"));
        Assert.Empty(await Places(them, "secret words"));
        // The neighbour is untouched.
        Assert.NotEmpty(await Places(them, "ann2@"));
        Assert.Equal("active", await them.Enrollment("ann2@client.example"));
        Assert.Equal(1, await them.Test.Ask<long>("select count(*) from events where kind = 'replied'"));
    }

    [Fact]
    public async Task Who_was_erased_stays_suppressed_when_imported_again()
    {
        await using var them = await WithHistory();
        await them.Test.Get<PersonalData>().Erase(them.Test.Id, Address, "Ada", Cancel);
        var before = them.Smtp.Messages.Count(message => message.Recipients.Contains(Address));
        await them.Test.AddLeads(3);
        await them.Test.Start(
            them.Mailbox, TestWorkspace.Email("Hello again"));
        await them.Test.Write();
        while (await them.Test.Send() > 0) { }
        Assert.Equal(before, them.Smtp.Messages.Count(message => message.Recipients.Contains(Address)));
        Assert.Contains(them.Smtp.Messages, message => message.Recipients.Contains("ann3@client.example"));
        await using var session = await them.Test.Database.Open(them.Test.Id, Cancel);
        Assert.Equal("erased", await SuppressionStore.Matching(session, Address, Cancel));
        Assert.Null(await SuppressionStore.Matching(session, "ann3@client.example", Cancel));
    }

    [Fact]
    public async Task An_export_holds_everything_kept_of_the_person_and_nothing_of_others()
    {
        await using var them = await WithHistory();
        var export = await them.Test.Get<PersonalData>().Export(them.Test.Id, Address, Cancel);
        foreach (var section in new[] { "contact", "leads", "messages", "events", "received_mail", "conversations" })
            Assert.True(export.Sections.GetProperty(section).GetArrayLength() > 0, section);
        var csv = PersonCsv.Of(export);
        Assert.Contains("Ann Number1", csv, StringComparison.Ordinal);
        Assert.Contains("secret words", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("ann2@", csv, StringComparison.Ordinal);
        Assert.All(
            csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1),
            line => Assert.DoesNotMatch("^[^,]*,[^,]*,[^,]*,[=+@]", line));
    }

    static async Task<Correspondent> WithHistory()
    {
        var them = await Correspondent.WrittenTo(
            2, "client.example", TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 3));
        await them.Test.Do("update campaigns set stop_on_company_reply = false");
        them.Reply(Address, "My secret words: how much is it?");
        await them.Look();
        await them.Test.Get<Conversations>().AddNote(
            them.Test.Id, await them.Test.Ask<long>("select id from conversations"), $"{Address} is nice", "Ada",
            Cancel);
        await them.Test.Do(
            """
            insert into imports (workspace_id, file_name, content, state, created_by, created_at)
            values (@Id, 'people.csv', @content, 'completed', 'Ada', now())
            """,
            new
            {
                them.Test.Id,
                content = Encoding.UTF8.GetBytes("email,name\nANN1@client.example,Ann Number1\nann2@client.example,Ann\n"),
            });
        return them;
    }

    /// <summary>Every table and column in which a text stands, whatever its type.</summary>
    static async Task<List<string>> Places(Correspondent them, string text)
    {
        var found = new List<string>();
        foreach (var (table, column, type) in await them.Test.List<(string, string, string)>(
            """
            select c.table_name, c.column_name, c.data_type from information_schema.columns c
            join information_schema.tables t on t.table_name = c.table_name and t.table_schema = 'public'
                and t.table_type = 'BASE TABLE'
            where c.table_schema = 'public' and c.data_type in ('text', 'jsonb', 'bytea', 'ARRAY')
            """))
        {
            var value = type == "bytea" ? $"encode({column}, 'escape')" : $"{column}::text";
            var rows = await them.Test.Ask<long>(
                $"select count(*) from {table} where {value} ilike @pattern", new { pattern = $"%{text}%" });
            if (rows > 0) found.Add($"{table}.{column}");
        }

        return found;
    }
}
