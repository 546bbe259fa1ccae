// Composes, or composes and signs, the two-part message of the run script; prints "operations cpu-seconds".
// Usage: <compose|sign|rsa> <seconds> <text file> <html file>
using System.Diagnostics;
using System.Security.Cryptography;
using Overture.Mail;

const int Batch = 50;
const double WarmUpSeconds = 3;

var (mode, seconds) = (args[0], double.Parse(args[1]));
var text = await File.ReadAllTextAsync(args[2]);
var html = await File.ReadAllTextAsync(args[3]);
var from = EmailAddress.Parse("Ann Lee <ann@example.com>");
var to = EmailAddress.Parse("Bob Ray <bob@example.org>");
var date = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
using var key = RSA.Create(2048);
using var signer = new DkimSigner("example.com", "s1", key.ExportPkcs8PrivateKeyPem());
var digest = new byte[32];
var number = 0;
Action operation = mode switch
{
    "compose" => () => Compose(),
    "sign" => () => signer.Sign(Compose(), date),
    "rsa" => () => key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    _ => throw new ArgumentException(mode),
};
// A server runs for weeks: measure what the compiler has settled on.
Repeat(WarmUpSeconds);
var (count, cpu) = Repeat(seconds);
Console.WriteLine($"{count} {cpu:F4}");
return 0;

byte[] Compose() => MimeWriter.Write(new OutgoingEmail
{
    From = from,
    To = [to],
    Subject = "A question about your fleet",
    TextBody = text,
    HtmlBody = html,
    MessageId = $"<{number++}.abc@example.com>",
    Date = date,
    ListUnsubscribe = new ListUnsubscribe(new Uri("https://example.com/u/abcdefgh")),
});

(long Count, double Cpu) Repeat(double length)
{
    using var self = Process.GetCurrentProcess();
    var before = self.TotalProcessorTime;
    var watch = Stopwatch.StartNew();
    var done = 0L;
    while (watch.Elapsed.TotalSeconds < length)
    {
        for (var i = 0; i < Batch; i++) operation();
        done += Batch;
    }

    self.Refresh();
    return (done, (self.TotalProcessorTime - before).TotalSeconds);
}
