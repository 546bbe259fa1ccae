using System.Globalization;
using Overture.Testing;

const string usage = "usage: provider-server --data FOLDER [--port N]";
string? data = null;
var port = 0;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--data" && i + 1 < args.Length) data = args[++i];
    else if (args[i] == "--port" && i + 1 < args.Length
        && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out port)) i++;
    else return Refuse($"\"{args[i]}\" is not understood.");
}

data ??= SharedData.PathOf("providers");
if (data is null || !Directory.Exists(data))
    return Refuse($"The folder of payloads, \"{data}\", does not exist.");

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
AppDomain.CurrentDomain.ProcessExit += (_, _) => stop.Cancel();
await using var server = await ProviderServer.Start(data, port);
Console.WriteLine($"Providers answer at {server.Url} (EDGAR at the root, the others at /hunter, /apollo …).");
try
{
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
}
catch (OperationCanceledException)
{
    Console.WriteLine(
        $"{server.Requests.Count} requests, at most {server.HighestRatePerSecond} in one second.");
}

return 0;

static int Refuse(string why)
{
    Console.Error.WriteLine($"{why} {usage}");
    return 2;
}
