using System.Globalization;
using Overture.Bench.Mime;

// Reads every message of the corpora, as often as asked, in turns with the peers: each turn one pass of each
// reader.
// Usage: Overture.Bench.Mime DATA_FOLDER ROUNDS
var data = args[0];
var rounds = int.Parse(args[1], CultureInfo.InvariantCulture);
var files = Messages.In(data);
var list = Path.GetTempFileName();
File.WriteAllLines(list, files);
var messages = files.ConvertAll(File.ReadAllBytes);
var here = Directory.GetCurrentDirectory();

List<IReader> readers =
[
    new OwnReader(messages),
    new PeerReader("mailparser", "node", Path.Combine(here, "peers.mjs"), "mailparser", list),
    new PeerReader("postal-mime", "node", Path.Combine(here, "peers.mjs"), "postal-mime", list),
    new PeerReader("python email", "python3", Path.Combine(here, "peer.py"), "email", list),
];
var seconds = readers.ConvertAll(_ => new List<double>());

// One pass more than counted warms each of them up.
for (var round = 0; round <= rounds; round++)
    for (var reader = 0; reader < readers.Count; reader++)
    {
        var spent = readers[reader].Pass();
        if (round > 0) seconds[reader].Add(spent);
    }

var megabytes = messages.Sum(message => (long)message.Length) / 1e6;
Console.WriteLine($"{messages.Count} messages, {megabytes:F1} MB, {rounds} passes in turns, one thread each");
var own = messages.Count / Median(seconds[0]);
for (var reader = 0; reader < readers.Count; reader++)
{
    var rate = messages.Count / Median(seconds[reader]);
    Console.WriteLine($"{readers[reader].Name,-13} {rate,8:F0} messages/s   ours is {own / rate,5:F1} x");
    readers[reader].Dispose();
}

File.Delete(list);

static double Median(List<double> values)
{
    values.Sort();
    return values[values.Count / 2];
}
