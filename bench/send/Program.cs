// Campaigns into a sink, by the product's own parts: enrollments are claimed, written, claimed again, carried
// to their held dot, recorded, let go and recorded. Each line "<phase> <sessions> <messages> <signed>" on
// standard input gives a line "messages seconds cpu-seconds". phase is send (messages are written before),
// all, or long: all, with the memory it holds said on the way. The first line it prints says where its
// PostgreSQL is, for the peers.
// Usage: <folder of a private PostgreSQL, or a connection string> <sink port> [setting of PostgreSQL ...];
// see the run script beside it.
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Overture.Bench.Send;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Pipeline;

var cancel = CancellationToken.None;
await using var postgres = args[0].Contains('=', StringComparison.Ordinal)
    ? null
    : await LocalPostgres.Start(args[0], args[2..], NullLogger.Instance, TimeProvider.System, cancel);
var place = new NpgsqlConnectionStringBuilder(postgres?.ConnectionString ?? args[0]) { MaxPoolSize = 100 };
await using var database = Database.Connect(place.ConnectionString);
await Migrator.Apply(database.Source, TimeProvider.System, null, cancel);
Console.WriteLine($"{place.Host} {place.Port} {place.Username} {place.Password} {place.Database}");
while (await Console.In.ReadLineAsync() is { } line)
{
    var words = line.Split(' ');
    var (phase, sessions, count) = (words[0], int.Parse(words[1]), int.Parse(words[2]));
    await using var house = House.Build(database, sessions);
    var campaign = new BenchCampaign(house, database, int.Parse(args[1]), sessions);
    await campaign.Fill(count, isSigned: words[3] == "signed");
    if (phase == "send") await campaign.Write();
    await using var node = await Node.Join(database, "bench", TimeProvider.System, cancel);
    using var self = Process.GetCurrentProcess();
    var before = self.TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    using var over = new CancellationTokenSource();
    var watching = phase == "long" ? campaign.Watch(Math.Max(1, count / 10), over.Token) : Task.CompletedTask;
    await campaign.Send(node.Id, alsoWrite: phase != "send");
    var seconds = watch.Elapsed.TotalSeconds;
    await over.CancelAsync();
    await watching;
    self.Refresh();
    await campaign.Check(count);
    Console.WriteLine($"{count} {seconds:F4} {(self.TotalProcessorTime - before).TotalSeconds:F4}");
}

return 0;
