using System.Collections.Frozen;
using System.Reflection;

namespace Overture.Mail.Inbound;

/// <summary>
/// A table of rules kept as a text file inside the assembly: <c>[section]</c> lines, one entry a line,
/// '#' starts a comment line. Order within the file is kept.
/// </summary>
sealed class RuleFile
{
    readonly List<(string Section, List<string> Entries)> sections = [];

    /// <summary>Reads the embedded file <c>Rules/NAME.txt</c>.</summary>
    public static RuleFile Read(string name)
    {
        var resource = $"Overture.Mail.Inbound.Rules.{name}.txt";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException(
                $"The rule file {resource} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        var file = new RuleFile();
        while (reader.ReadLine() is { } line) file.Take(line);
        return file;
    }

    /// <summary>The sections in the order of the file.</summary>
    public IEnumerable<(string Section, IReadOnlyList<string> Entries)> Sections =>
        sections.Select(s => (s.Section, (IReadOnlyList<string>)s.Entries));

    /// <summary>The entries of one section, in lower case, as a set.</summary>
    public FrozenSet<string> Words(string section) =>
        Entries(section).Select(e => e.ToLowerInvariant()).ToFrozenSet();

    /// <summary>The entries of one section as phrases.</summary>
    public Phrase[] Phrases(string section) => [.. Entries(section).Select(Phrase.Parse)];

    /// <summary>The entries of one section as written.</summary>
    public IReadOnlyList<string> Entries(string section) =>
        sections.Find(s => s.Section == section).Entries
        ?? throw new InvalidOperationException($"The rule file has no section [{section}].");

    void Take(string line)
    {
        if (line.Length == 0 || line[0] == '#') return;
        if (line[0] == '[' && line[^1] == ']') sections.Add((line[1..^1], []));
        else sections[^1].Entries.Add(line);
    }
}
