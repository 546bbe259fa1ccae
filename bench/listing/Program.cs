using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Bench.LeadPages;
using Overture.Core.Data;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// host FOLDER [SETTING ...]  keeps a private PostgreSQL until standard input ends; its first line says where
// migrate CONNECTION         brings the schema up to date
// measure CONNECTION TIMES [PART]
//                            asks every question of the leads page so many times, beside plain SQL; or those
//                            only whose names match a pattern
switch (args)
{
    case ["host", var folder, .. var settings]:
        await using (var postgres = await LocalPostgres.Start(
            folder, settings, NullLogger.Instance, TimeProvider.System, default))
        {
            var place = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
            Console.WriteLine(
                $"{place.Host} {place.Port} {place.Username} {place.Password} {place.Database}");
            await Console.In.ReadToEndAsync();
        }

        return 0;
    case ["migrate", var connection]:
        await using (var database = Database.Connect(connection))
            await Migrator.Apply(database.Source, TimeProvider.System, null, default);
        return 0;
    case ["measure", var connection, var times, .. var part]:
        await using (var database = Database.Connect(connection))
            return await new Measure(database).Run(
                int.Parse(times, CultureInfo.InvariantCulture), part.FirstOrDefault(""));
    default:
        return 2;
}
