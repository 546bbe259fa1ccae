using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>
/// What a failure means to the one who asked: an HTTP code, an exit code, a stable code and one sentence. The
/// one place where failures of all kinds get these; CLI, REST and pages only show them.
/// </summary>
public sealed record Trouble(int Http, int Exit, string Code, string Sentence, string? Pointer = null)
{
    /// <summary>False for a bug, which is logged with its stack and told without details.</summary>
    public bool IsExpected => Code != "internal_error";

    public static Trouble From(Exception error) => error switch
    {
        RuleBroken broken => FromRule(broken),
        ConfigurationInvalid invalid => new(500, ExitCode.Usage, "configuration_invalid", invalid.Message),
        MigrationRefused or LocalPostgresFailed or SecretUnreadable =>
            new(500, ExitCode.Error, "not_operable", error.Message),
        PostgresException postgres => FromPostgres(postgres),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } or
        NpgsqlException { IsTransient: true } => new(503, ExitCode.Error, "database_unavailable",
            $"The database does not answer ({Innermost(error).Message.TrimEnd('.')}). "
            + "Start PostgreSQL or correct Overture__Database, then try again."),
        NpgsqlException npgsql => new(503, ExitCode.Error, "database_unavailable",
            $"The database cannot be used: {Innermost(npgsql).Message}"),
        IOException { InnerException: AddressInUseException } => new(500, ExitCode.Error, "address_in_use",
            $"{error.Message.TrimEnd('.')}. Stop the program that listens there, "
            + "or choose another port with --port."),
        BadHttpRequestException bad => FromBadRequest(bad),
        OperationCanceledException => new(499, ExitCode.Cancelled, "cancelled", "Cancelled."),
        _ => new(500, ExitCode.Error, "internal_error",
            "Something in Overture went wrong. The log has the details under this request id."),
    };

    static Trouble FromRule(RuleBroken broken)
    {
        var (http, exit) = broken.Code switch
        {
            "not_found" => (404, ExitCode.NotFound),
            "rate_limited" => (429, ExitCode.RateLimited),
            "sign_in_refused" => (401, ExitCode.NeedsLogin),
            "forbidden" => (403, ExitCode.Refused),
            // A pointer says that the input was wrong; without one the state of things forbids the act.
            _ => broken.Pointer is not null ? (422, ExitCode.Usage) : (409, ExitCode.Refused),
        };
        return new(http, exit, broken.Code, broken.Sentence, broken.Pointer);
    }

    static Trouble FromPostgres(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new(503, ExitCode.Error, "database_refused",
                $"PostgreSQL refused the sign-in ({error.MessageText}). "
                + "Correct user and password in Overture__Database."),
        PostgresErrorCodes.InvalidCatalogName => new(503, ExitCode.Error, "database_missing",
            $"PostgreSQL answers, but {error.MessageText}. Create it, or correct Overture__Database."),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or
        PostgresErrorCodes.TooManyConnections => new(503, ExitCode.Error, "database_unavailable",
            $"PostgreSQL cannot serve at this moment ({error.MessageText}). Try again shortly."),
        _ => new(500, ExitCode.Error, "internal_error",
            "Something in Overture went wrong. The log has the details under this request id."),
    };

    static Trouble FromBadRequest(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? new(400, ExitCode.Usage, "malformed_json", JsonSentence(json), json.Path)
        : new(bad.StatusCode, ExitCode.Usage, "bad_request", bad.Message);

    // The framework's message names .NET types; the place and the kind of mistake are what the caller needs.
    static string JsonSentence(JsonException json)
    {
        var place = json.LineNumber is { } line
            ? $" at line {line + 1}, position {json.BytePositionInLine + 1}" : "";
        var field = json.Path is { Length: > 1 } path ? $" (field {path})" : "";
        var text = json.Message;
        var what = text.Contains("could not be mapped", StringComparison.Ordinal)
            ? "names a field that does not exist"
            : text.Contains("uplicate", StringComparison.Ordinal) ? "names a field twice"
            : text.Contains("missing required", StringComparison.Ordinal) ? "lacks a required field"
            : "cannot be read";
        return $"The JSON body {what}{field}{place}.";
    }

    static Exception Innermost(Exception error) => error.GetBaseException();
}
