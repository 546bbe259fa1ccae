using System.Globalization;
using Overture.Fuzz;

// Damages real files and gives them to the parsers of the table: no exception, no long run, no flood of
// memory.
// Usage: Overture.Fuzz DATA_FOLDER MUTATIONS [NAME...]; a name with a number (mime:1234) runs that one
// mutation.
var data = args[0];
var mutations = int.Parse(args[1], CultureInfo.InvariantCulture);
var names = args[2..];
var failed = false;
foreach (var target in FuzzTargets.All)
{
    var one = Array.Find(names, name => name.StartsWith(target.Name + ":", StringComparison.Ordinal));
    if (names.Length > 0 && one is null && !names.Contains(target.Name)) continue;
    var seeds = Seeds.Of(target, data);
    if (seeds.Count == 0)
    {
        Console.WriteLine($"{target.Name,-12} no seed files below {data}");
        continue;
    }

    var first = one is null ? 0 : int.Parse(one[(target.Name.Length + 1)..], CultureInfo.InvariantCulture);
    failed |= !new FuzzRun(target, seeds).Run(first, one is null ? mutations : 1);
}

return failed ? 1 : 0;
