using System.CommandLine;
using System.Text.Json;
using Overture.Core.Model;
using Overture.Mail.Dns;

namespace Overture.Server.Cli;

/// <summary>Where the mail verbs look records up: a file, the network, or nowhere.</summary>
static class MailDns
{
    public static Option<string?> File() => new("--dns")
    {
        Description = "A JSON file with DNS records, instead of the network.",
    };

    /// <summary>Null when neither a file is given nor the network allowed.</summary>
    public static IDnsSource? Source(string? file, bool mayAskNetwork)
    {
        if (file is null) return mayAskNetwork ? new DnsClient(TimeProvider.System) : null;
        try
        {
            return DnsFile.Load(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RuleBroken("not_found", $"The DNS file cannot be read: {error.Message}", "dns");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new RuleBroken("bad_dns_file",
                $"{file} does not hold DNS records as JSON: {error.Message}", "dns");
        }
    }
}
