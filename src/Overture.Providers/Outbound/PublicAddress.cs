using System.Net;
using System.Net.Sockets;

namespace Overture.Providers.Outbound;

/// <summary>Tells public Internet addresses from those a server must not be made to call (SSRF).</summary>
public static class PublicAddress
{
    static readonly IPNetwork[] Special =
    [
        // IANA special-purpose registries (RFC 6890 and successors).
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/96"), IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"),
        IPNetwork.Parse("100::/64"), IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20"), IPNetwork.Parse("5f00::/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>True when the address belongs to the public Internet.</summary>
    public static bool Holds(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return !Array.Exists(Special, network =>
            network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>True for loopback addresses of either family, IPv4 inside IPv6 included.</summary>
    public static bool IsLoopback(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    /// <summary>
    /// Resolves once and connects to exactly the addresses that were checked, so that a name which changes
    /// its mind between check and connection gains nothing.
    /// </summary>
    /// <exception cref="UnsafeAddressException">No address of the host may be called.</exception>
    internal static async ValueTask<Stream> Connect(
        DnsEndPoint end, bool allowLoopback, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(end.Host, cancellation);
        var allowed = Array.FindAll(found, a => Holds(a) || (allowLoopback && IsLoopback(a)));
        if (allowed.Length == 0)
            throw new UnsafeAddressException($"{end.Host} is an address of a private network");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, end.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The address may not be called.</summary>
public sealed class UnsafeAddressException : Exception
{
    /// <summary>With what was wrong.</summary>
    public UnsafeAddressException(string message) : base(message) { }

    /// <summary>With what was wrong and its cause.</summary>
    public UnsafeAddressException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Without words.</summary>
    public UnsafeAddressException() { }
}
