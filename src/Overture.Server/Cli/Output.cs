using System.Text.Json;
using System.Text.Json.Serialization;
using Overture.Server.Startup;
using Spectre.Console;

namespace Overture.Server.Cli;

/// <summary>
/// Data goes to stdout and messages to stderr: tables and bars on a terminal, plain tab-divided lines in a
/// pipe, JSON when asked for. NO_COLOR is respected.
/// </summary>
public sealed class Output
{
    static readonly JsonSerializerOptions JsonStyle = new()
    {
        PropertyNamingPolicy = Spelling.Outside,
        Converters = { new JsonStringEnumConverter(Spelling.Outside) },
    };

    readonly IAnsiConsole data;
    readonly IAnsiConsole messages;

    public Output(bool json)
    {
        IsJson = json;
        data = Terminal(Console.Out, Console.IsOutputRedirected);
        messages = Terminal(Console.Error, Console.IsErrorRedirected);
    }

    public bool IsJson { get; }

    /// <summary>A sentence for the human, on stderr.</summary>
    public void Say(string sentence) => Console.Error.WriteLine(sentence);

    /// <summary>A question for the human, on stderr; Enter alone says no.</summary>
    public bool Ask(string question) =>
        messages.Confirm(Markup.Escape(question), defaultValue: false);

    /// <summary>One JSON document on one line of stdout.</summary>
    public void Data<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonStyle));

    /// <summary>JSON when asked for; otherwise the lines a human reads, on stdout.</summary>
    public void Show<T>(T value, params string[] lines)
    {
        if (IsJson) Data(value);
        else foreach (var line in lines) Console.Out.WriteLine(line);
    }

    /// <summary>A table on a terminal, tab-divided lines in a pipe, a JSON array when asked for.</summary>
    public void Rows<T>(IReadOnlyList<T> rows, params (string Header, Func<T, string> Cell)[] columns)
    {
        if (IsJson) Data(rows);
        else if (Console.IsOutputRedirected)
            foreach (var row in rows)
                Console.Out.WriteLine(string.Join('\t', columns.Select(c => c.Cell(row))));
        else data.Write(TableOf(rows, columns));
    }

    /// <summary>
    /// A bar on a terminal while the work reports (done, total); nothing in a pipe or with --json.
    /// </summary>
    public async Task<T> Progress<T>(string title, Func<Action<long, long?>, Task<T>> work)
    {
        if (IsJson || Console.IsErrorRedirected) return await work((_, _) => { });
        return await messages.Progress().AutoClear(true).HideCompleted(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Markup.Escape(title));
            return await work((done, total) =>
            {
                bar.IsIndeterminate = total is null;
                bar.MaxValue = total ?? Math.Max(done, 1);
                bar.Value = done;
            });
        });
    }

    public ILogger Log() => new SayLogger(this);

    public ILoggerProvider LogProvider() => new SayLoggerProvider(this);

    static Table TableOf<T>(IReadOnlyList<T> rows, (string Header, Func<T, string> Cell)[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var (header, _) in columns) table.AddColumn(Markup.Escape(header));
        foreach (var row in rows)
            table.AddRow([.. columns.Select(column => Markup.Escape(column.Cell(row)))]);
        return table;
    }

    static IAnsiConsole Terminal(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
    }

    /// <summary>Log lines of a command: warnings only, as plain sentences.</summary>
    sealed class SayLogger(Output output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) output.Say(formatter(state, exception));
        }
    }

    sealed class SayLoggerProvider(Output output) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new SayLogger(output);

        public void Dispose()
        {
        }
    }
}
