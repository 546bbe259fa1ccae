namespace Overture.Core.Pipeline;

/// <summary>Where the services are: their own addresses, or one root that stands in for all of them.</summary>
/// <param name="Root">To try things out against recorded answers; null = the services themselves.</param>
public sealed record ProviderAddresses(Uri? Root)
{
    /// <summary>The service's own address, or its place below the root: `root/name/its/path`.</summary>
    public Uri Of(string provider, Uri own) => Root is null
        ? own
        : new Uri($"{Root.AbsoluteUri.TrimEnd('/')}/{provider}{own.AbsolutePath.TrimEnd('/')}");
}
