using System.Globalization;
using Overture.Bench.ListImport;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// host FOLDER [SETTING ...]   keeps a private PostgreSQL until standard input ends; the first line says where
// generate FILE ROWS SEED     writes a dirty list and what a true report of it says
// import CONNECTION FILE RULE takes it in, through the same code as the server
// undo CONNECTION             takes the first import back, over which later ones went
// rows CONNECTION FILE COUNT  takes in its first rows one after the other
return args switch
{
    ["host", var folder, .. var settings] => await ImportRun.Host(folder, settings),
    ["generate", var file, var rows, var seed] => DirtyList.Write(
        file, int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    ["migrate", var connection] => await ImportRun.Migrate(connection),
    ["import", var connection, var file, var rule] => await ImportRun.Import(connection, file, rule),
    ["undo", var connection] => await ImportRun.Undo(connection),
    ["rows", var connection, var file, var count] => await ImportRun.RowByRow(
        connection, file, int.Parse(count, CultureInfo.InvariantCulture)),
    _ => 2,
};
