namespace Overture.Providers;

/// <summary>Collects what is wrong with a provider's options, one sentence each.</summary>
/// <param name="provider">The name people know.</param>
sealed class OptionProblems(string provider)
{
    readonly List<string> problems = [];

    public IReadOnlyList<string> All => problems;

    public OptionProblems Url(string name, Uri? url)
    {
        if (url is null || !url.IsAbsoluteUri || url.Scheme is not ("https" or "http"))
            problems.Add(
                $"{provider}: {name} \"{url}\" is no web address; leave it out to use the service's own.");
        return this;
    }

    public OptionProblems Secret(string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            problems.Add($"{provider}: {name} is missing; enter it in the settings.");
        else if (value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            problems.Add($"{provider}: {name} holds blanks or line breaks; copy it again.");
        return this;
    }

    public OptionProblems Budget(decimal? daily)
    {
        if (daily < 0) problems.Add($"{provider}: the daily budget must not be negative, but is {daily}.");
        return this;
    }

    public OptionProblems Range(string name, int value, int least, int most)
    {
        if (value < least || value > most)
            problems.Add($"{provider}: {name} must be {least} to {most}, not {value}.");
        return this;
    }
}
