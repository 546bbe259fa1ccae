using System.Globalization;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// What an import changed about somebody who was known: column by column, before and after. The same form
/// serves the undo and the sentence on the lead's page.
/// </summary>
static class ImportChanges
{
    public static string Of(IReadOnlyList<CompanyPool.Entry> changed) => Json(changed.Select(
        entry => (entry.Id, Differences(Fields(entry.Before!), Fields(entry.Current)))));

    public static string Of(IReadOnlyList<ContactPool.Entry> changed) => Json(changed.Select(
        entry => (entry.Id, Differences(Fields(entry.Before!), Fields(entry.Current)))));

    /// <summary>The changes of one batch, by the number of the record.</summary>
    public static IReadOnlyDictionary<long, Dictionary<string, string?[]>> Read(string json) =>
        JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(json, JobJson.Options)!
            .ToDictionary(
                change => change["id"].GetInt64(),
                change => change.Where(pair => pair.Key != "id").ToDictionary(
                    pair => pair.Key, pair => pair.Value.Deserialize<string?[]>()!));

    /// <summary>
    /// The record as it was before, where it still is as the import left it; later changes stay.
    /// </summary>
    public static Contact Restore(Contact now, Dictionary<string, string?[]> changes)
    {
        string? Back(string field, string? value) => Restored(changes, field, value);
        return now with
        {
            CompanyId = Number(Back("company_id", Text(now.CompanyId))),
            FullName = Back("full_name", now.FullName) ?? now.FullName,
            FirstName = Back("first_name", now.FirstName), LastName = Back("last_name", now.LastName),
            Title = Back("title", now.Title), Email = Back("email", now.Email),
            Phone = Back("phone", now.Phone), LinkedInUrl = Back("linkedin_url", now.LinkedInUrl),
            City = Back("city", now.City), Region = Back("region", now.Region),
            Country = Back("country", now.Country), TimeZone = Back("time_zone", now.TimeZone),
        };
    }

    public static Company Restore(Company now, Dictionary<string, string?[]> changes)
    {
        string? Back(string field, string? value) => Restored(changes, field, value);
        return now with
        {
            Name = Back("name", now.Name) ?? now.Name, Domain = Back("domain", now.Domain),
            Website = Back("website", now.Website), LinkedInUrl = Back("linkedin_url", now.LinkedInUrl),
            Industry = Back("industry", now.Industry), Description = Back("description", now.Description),
            Country = Back("country", now.Country), Region = Back("region", now.Region),
            City = Back("city", now.City), Phone = Back("phone", now.Phone),
            EmployeeCount = (int?)Number(Back("employee_count", Text(now.EmployeeCount))),
            FoundedYear = (int?)Number(Back("founded_year", Text(now.FoundedYear))),
            RaisedUsd = Amount(Back("raised_usd", Text(now.RaisedUsd))),
        };
    }

    static (string Field, string? Value)[] Fields(Contact contact) =>
    [
        ("company_id", Text(contact.CompanyId)), ("full_name", contact.FullName),
        ("first_name", contact.FirstName), ("last_name", contact.LastName), ("title", contact.Title),
        ("email", contact.Email), ("phone", contact.Phone), ("linkedin_url", contact.LinkedInUrl),
        ("city", contact.City), ("region", contact.Region), ("country", contact.Country),
        ("time_zone", contact.TimeZone),
    ];

    static (string Field, string? Value)[] Fields(Company company) =>
    [
        ("name", company.Name), ("domain", company.Domain), ("website", company.Website),
        ("linkedin_url", company.LinkedInUrl), ("industry", company.Industry),
        ("description", company.Description), ("country", company.Country), ("region", company.Region),
        ("city", company.City), ("phone", company.Phone), ("employee_count", Text(company.EmployeeCount)),
        ("founded_year", Text(company.FoundedYear)), ("raised_usd", Text(company.RaisedUsd)),
    ];

    static IEnumerable<(string Field, string? Before, string? After)> Differences(
        (string Field, string? Value)[] before, (string Field, string? Value)[] after) =>
        before.Zip(after).Where(pair => pair.First.Value != pair.Second.Value)
            .Select(pair => (pair.First.Field, pair.First.Value, pair.Second.Value));

    static string Json(
        IEnumerable<(long Id, IEnumerable<(string Field, string? Before, string? After)> Changes)> changed)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var (id, changes) in changed)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                foreach (var (field, before, after) in changes)
                {
                    json.WriteStartArray(field);
                    json.WriteStringValue(before);
                    json.WriteStringValue(after);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    static string? Restored(Dictionary<string, string?[]> changes, string field, string? now) =>
        changes.TryGetValue(field, out var change) && change[1] == now ? change[0] : now;

    static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    static long? Number(string? text) =>
        text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);

    static decimal? Amount(string? text) =>
        text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
