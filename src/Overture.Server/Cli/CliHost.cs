using System.CommandLine;
using System.CommandLine.Parsing;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>
/// What every verb gets: the global options, and one way to run in which a failure becomes one sentence on
/// stderr and an exit code.
/// </summary>
public sealed class CliHost
{
    public Option<bool> Json { get; } = Global<bool>("--json", "Print data as JSON (snake_case) on stdout.");
    public Option<string?> Workspace { get; } = Global<string?>(
        "--workspace", "Name or number of the workspace.");
    public Option<bool> NoInput { get; } = Global<bool>("--no-input", "Never ask; fail instead.");
    public Option<string?> Database { get; } = Global<string?>(
        "--database", "Connection string of PostgreSQL.");
    public Option<bool> Debug { get; } = Global<bool>("--debug", "Show the stack trace of a failure.");

    /// <summary>The answer given beforehand to what <see cref="CliRun.Confirm"/> asks.</summary>
    public static Option<bool> Yes() => new("--yes")
    {
        Description = "Do it without being asked; needed where nobody can be asked.",
    };

    public void AddGlobalOptions(RootCommand root)
    {
        foreach (var option in new Option[] { Json, Workspace, NoInput, Database, Debug })
            root.Options.Add(option);
    }

    /// <summary>A verb: its name, one sentence, its symbols, and what it does.</summary>
    public Command Verb(
        string name, string description, IEnumerable<Symbol> symbols,
        Func<CliRun, CancellationToken, Task<int>> act)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction((parsed, cancel) => Act(parsed, act, cancel));
        return command;
    }

    /// <summary>Wrong arguments: what was wrong and where help is; nothing is run.</summary>
    public int RefuseArguments(ParseResult parsed)
    {
        var output = new Output(parsed.GetValue(Json));
        var unknown = parsed.UnmatchedTokens.Count > 0;
        // Beside an unknown word the missing command is no news.
        foreach (var error in parsed.Errors)
            if (!unknown || error.Message.Contains(parsed.UnmatchedTokens[0], StringComparison.Ordinal))
                output.Say(BadInput.OfArgument(error.Message));
        if (Suggestion(parsed) is { } near) output.Say($"Did you mean: {near}");
        output.Say($"Help: {Path(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }

    async Task<int> Act(
        ParseResult parsed, Func<CliRun, CancellationToken, Task<int>> act, CancellationToken cancel)
    {
        await using var run = new CliRun(this, parsed);
        try
        {
            return await act(run, cancel);
        }
        catch (Exception error)
        {
            return Report(run, error, parsed.GetValue(Debug));
        }
    }

    static int Report(CliRun run, Exception error, bool debug)
    {
        var trouble = Trouble.From(error);
        var sentence = trouble.IsExpected
            ? trouble.Sentence
            : $"Something in Overture went wrong: {error.Message} Run again with --debug and report it.";
        if (run.Out.IsJson)
            run.Out.Data(new { error = new { code = trouble.Code, sentence, pointer = trouble.Pointer } });
        else
            run.Out.Say(sentence);
        if (debug) run.Out.Say(error.ToString());
        return trouble.Exit;
    }

    static string? Suggestion(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0) return null;
        var (typed, command) = (parsed.UnmatchedTokens[0], parsed.CommandResult.Command);
        var near = command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)
            .Select(name => (name, distance: Distance(typed, name)))
            .Where(pair => pair.distance <= Math.Max(2, typed.Length / 3))
            .OrderBy(pair => pair.distance).FirstOrDefault();
        return near.name is null ? null : $"{Path(parsed.CommandResult)} {near.name}";
    }

    static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "overture";

    static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    static Option<T> Global<T>(string name, string description) =>
        new(name) { Description = description, Recursive = true };
}
