using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ImportsTests
{
    const string NoData = "outside test data is absent";
    const string Two =
        "First name;Last name;E-mail;Company\nZoë;Lang;zoe@client.example;Größe "
        + "AG\nBo;Ray;bo@client.example;Größe AG\n";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Encodings =>
        ["utf-8", "utf-8 with mark", "latin-1", "utf-16", "utf-16 big endian"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_usual_encoding_is_read(string name)
    {
        await using var test = await TestWorkspace.Create();
        var report = await Take(test, Encode(Two, name));
        Assert.Equal((2, 2, 0), (report.Rows, report.LeadsAdded, report.ProblemCount));
        Assert.Equal("Zoë Lang",
            await test.Ask<string>("select full_name from contacts where email = 'zoe@client.example'"));
        Assert.Equal("Größe AG", await test.Ask<string>("select name from companies"));
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    [InlineData("|")]
    public void Every_usual_delimiter_is_found(string delimiter)
    {
        var table = CsvTable.Read(
            Encoding.UTF8.GetBytes(Two.Replace(";", delimiter, StringComparison.Ordinal)));
        Assert.Equal(["First name", "Last name", "E-mail", "Company"], table.Columns);
        Assert.Equal(2, table.Rows.Count);
    }

    [Fact]
    public async Task A_person_in_other_case_is_the_same_person()
    {
        await using var test = await TestWorkspace.Create();
        var report = await Take(test,
            "Email,Name,Company\nann@client.example,Ann Lee,Client\nANN@Client.Example,ann lee,CLIENT\n");
        Assert.Equal((2, 1, 1), (report.Rows, report.LeadsAdded, report.DuplicatesInFile));
        Assert.Equal(1, await test.Ask<long>("select count(*) from companies"));
    }

    [Fact]
    public async Task Quoted_newlines_formulas_short_and_long_rows_lose_only_what_is_wrong()
    {
        await using var test = await TestWorkspace.Create();
        var report = await Take(
            test,
            "Name,Email,Title,Company\n"
            + "Ann Lee,ann@client.example,\"Head of\nSales\",Client\n"
            + "Bo Ray,bo@client.example\n"
            + "Cy Fox,cy@client.example,=HYPERLINK(\"http://x\"),Client,more,and more\n"
            + ",,,\n"
            + "Di Low,not an address,CTO,Client\n");
        Assert.Equal((4, 4, 0), (report.Rows, report.LeadsAdded, report.Invalid));
        Assert.Equal(["formula", "bad_address"], report.Problems.Select(problem => problem.Code));
        Assert.Equal([5, 7], report.Problems.Select(problem => problem.Line));
        Assert.Equal("Head of Sales",
            await test.Ask<string>("select title from contacts where full_name = 'Ann Lee'"));
        Assert.Equal(0, await test.Ask<long>("select count(*) from contacts where title like '=%'"));
    }

    [Fact]
    public void Missing_and_doubled_headers_get_names_and_a_note()
    {
        var table = CsvTable.Read("Name,,Name,Email\nAnn,x,Bo,ann@client.example\n"u8.ToArray());
        Assert.Equal(["Name", "Column 2", "Name (3)", "Email"], table.Columns);
        Assert.Equal(2, table.Notes.Count);
    }

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "empty", [] },
        { "blank lines", "\n\n\n"u8.ToArray() },
        { "no rows", "Name,Email,Company\n"u8.ToArray() },
        { "not a text", [0x50, 0x4B, 3, 4, 0, 0, 0, 8, 0, 1, 2, 0xFF] },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_file_without_rows_is_refused_in_one_sentence(string what, byte[] content)
    {
        await using var test = await TestWorkspace.Create();
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<Imports>().Upload(test.Id, $"{what}.csv", content, "test", Cancel));
        Assert.EndsWith(".", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(0, await test.Ask<long>("select count(*) from imports"));
    }

    public static TheoryData<string> HostileRows => new()
    {
        "Ann,ann@client.example,,Client,$", "Ann,ann@client.example,,Client,-",
            "Ann,ann@client.example,,Client,\",\"",
        "Ann,ann@client.example,https://linkedin.com/in/%00,Client,5", "Ann,İan@client.example,,Client,5",
        "Ann,\u212Aan@client.example,,Client,5",
        new string('a', 299) + "\U0001F600,ann@client.example,," + new string('c', 299) + "\U0001F600,5",
        "Ann,ann@client.example,,\u0301,99999999999999999999999999999999999",
            "Ann,ann@client.example,http://[,Client,1e99",
        "%_\\',ann@client.example,,'; drop table leads; --,5",
    };

    [Theory]
    [MemberData(nameof(HostileRows))]
    public async Task One_strange_row_never_keeps_the_others_out(string row)
    {
        await using var test = await TestWorkspace.Create();
        var report = await Take(
            test, $"Name,Email,LinkedIn,Company,Employees\n{row}\nBo Ray,bo@client.example,,Other,7\n");
        Assert.Equal(2, report.Imported);
        Assert.Equal(1,
            await test.Ask<long>("select count(*) from contacts where email = 'bo@client.example'"));
    }

    [Fact]
    public async Task An_address_and_a_profile_of_two_known_people_make_no_third_and_stop_nothing()
    {
        await using var test = await TestWorkspace.Create();
        var report = await Take(
            test,
            "Name,Email,LinkedIn,Company\nAnn,ann@client.example,,Client\n"
            + "Bo,,https://linkedin.com/in/ann,Client\n"
            + "Ann,ann@client.example,https://www.linkedin.com/in/Ann/,Client\n"
            + "Cy,cy@client.example,,Client\n");
        Assert.Equal((4, 3), (report.Imported, report.LeadsAdded));
        Assert.Equal("Bo",
            await test.Ask<string>("select full_name from contacts where linkedin_key = 'in/ann'"));
    }

    [Fact]
    public async Task A_connections_export_is_read_below_its_preamble()
    {
        var path = SharedData.PathOf("linkedin/connections/Connections.csv");
        Assert.SkipWhen(path is null, NoData);
        await using var test = await TestWorkspace.Create();
        var content = await File.ReadAllBytesAsync(path, Cancel);
        var table = CsvTable.Read(content);
        Assert.Equal("First Name", table.Columns[0]);
        Assert.Equal(
            "first_name last_name email company title - linkedin_url",
            string.Join(' ', ColumnGuess.For(table).Select(guess => guess.Field ?? "-")));
        var lines = File.ReadLines(path).SkipWhile(line =>
            !line.StartsWith("First Name", StringComparison.Ordinal)).Skip(1)
            .Count(line => line.Length > 0);
        var report = await Take(test, content);
        Assert.Equal(lines, report.Rows);
        Assert.Equal(report.LeadsAdded, await test.Ask<long>("select count(*) from leads"));
    }

    [Fact]
    public async Task An_apollo_export_is_read_whole()
    {
        var path = SharedData.PathOf("linkedin/apollo/apollo_sample.csv");
        Assert.SkipWhen(path is null, NoData);
        await using var test = await TestWorkspace.Create();
        var content = await File.ReadAllBytesAsync(path, Cancel);
        Assert.Equal(
            "first_name last_name company email website industry",
            string.Join(' ', ColumnGuess.For(CsvTable.Read(content)).Select(guess => guess.Field ?? "-")));
        var report = await Take(test, content);
        Assert.Equal((5, 5, 5, 5),
            (report.Rows, report.LeadsAdded, report.CompaniesAdded, report.ContactsAdded));
    }

    [Theory]
    [InlineData("yc-companies-2024-05-11.csv", 4663,
        "company_name=company short_description=description year_founded=founded_year "
        + "founders_names=people team_size=employee_count website=website linkedin_url=company_linkedin "
            + "country=country location=city")]
    [InlineData("yc-startups-2017-funding.csv", 688,
        "Company=company Year Founded=founded_year Description=description Categories=industry "
        + "Founders=people Website=website Headquarters (City)=city Headquarters (US State)=region "
            + "Headquarters (Country)=country")]
    public async Task A_real_list_of_companies_is_mapped_sensibly_and_reported_truly(string file, int rows,
        string mapping)
    {
        var path = SharedData.PathOf("companies/" + file);
        Assert.SkipWhen(path is null, NoData);
        await using var test = await TestWorkspace.Create();
        var content = await File.ReadAllBytesAsync(path, Cancel);
        var guesses = ColumnGuess.For(CsvTable.Read(content)).Where(guess => guess.Field is not null)
            .Select(guess => $"{guess.Column}={guess.Field}").Order();
        Assert.Equal(
            mapping.Split(' ').Aggregate(new List<string>(), Joined).Order(), guesses);
        var report = await Take(test, content);
        Assert.Equal(rows, report.Rows);
        Assert.Equal(rows, report.Imported + report.Invalid);
        await IsTrue(test, report);
        var again = await Take(test, content);
        Assert.Equal((0, 0, 0), (again.CompaniesAdded, again.ContactsAdded, again.LeadsAdded));
        await IsTrue(test, report);
    }

    // A header may hold blanks: a part without "=" belongs to the next one.
    static List<string> Joined(List<string> parts, string part)
    {
        if (parts.Count > 0 && !parts[^1].Contains('=', StringComparison.Ordinal)) parts[^1] += " " + part;
        else parts.Add(part);
        return parts;
    }

    static async Task IsTrue(TestWorkspace test, ImportReport report)
    {
        Assert.Equal(report.CompaniesAdded, await test.Ask<long>("select count(*) from companies"));
        Assert.Equal(report.ContactsAdded, await test.Ask<long>("select count(*) from contacts"));
        Assert.Equal(report.LeadsAdded, await test.Ask<long>("select count(*) from leads"));
    }

    static Task<ImportReport> Take(TestWorkspace test, string csv) => Take(test, Encoding.UTF8.GetBytes(csv));

    // The rehearsal must say exactly what the run then does.
    static async Task<ImportReport> Take(TestWorkspace test, byte[] content)
    {
        var imports = test.Get<Imports>();
        var id = await imports.Upload(test.Id, "people.csv", content, "test", Cancel);
        var check = await imports.Check(test.Id, id, Cancel);
        var jobId = await imports.Start(test.Id, id, "test", Cancel);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), test.Time, NullLogger<JobWorker>.Instance);
        var running = worker.RunOnly(test.Node, test.Id, jobId, Cancel);
        await Waiting.Until(async () => running.IsCompleted || (await test.Ask<string>(
            "select state from jobs where id = @jobId", new { jobId })) == "retryable");
        Assert.True(running.IsCompleted,
            await test.Ask<string>("select error from jobs where id = @jobId", new { jobId }));
        var job = (await running)!;
        Assert.True(job.State == JobState.Completed, job.Error);
        var run = JsonSerializer.Deserialize<ImportReport>(job.Result!, JobJson.Options)!;
        Assert.Equal(check with { Problems = [] }, run with { Problems = [] });
        Assert.Equal(check.Problems, run.Problems);
        return run;
    }

    static byte[] Encode(string text, string name) => name switch
    {
        "utf-8 with mark" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        "latin-1" => Encoding.Latin1.GetBytes(text),
        "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        "utf-16 big endian" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)],
        _ => Encoding.UTF8.GetBytes(text),
    };
}
