using System.Net.Sockets;
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
    /// <summary>False for a bug, which is told without details.</summary>
    public bool IsExpected => Code != "internal_error";

    /// <summary>True where a stack belongs into the log, because Overture could have done better.</summary>
    public bool IsLogged { get; init; } = Code == "internal_error";

    /// <summary>The limit of requests that was reached.</summary>
    public string? ViolatedPolicy { get; init; }

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
        BadHttpRequestException bad => BadInput.Of(bad),
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
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter =>
            new(400, ExitCode.Usage, "unusable_character",
                "A text holds a character that cannot be kept, such as U+0000. Take it out and try again."),
        PostgresErrorCodes.ProgramLimitExceeded => new(422, ExitCode.Usage, "too_long",
            "A word in what you sent is longer than can be kept or looked for. Shorten it and try again."),
        PostgresErrorCodes.NumericValueOutOfRange => new(422, ExitCode.Usage, "out_of_range",
            "A number in what you sent is larger than can be kept. Give a smaller one."),
        PostgresErrorCodes.CheckViolation or PostgresErrorCodes.ForeignKeyViolation
            or PostgresErrorCodes.UniqueViolation => FromConstraint(error),
        _ => new(500, ExitCode.Error, "internal_error",
            "Something in Overture went wrong. The log has the details under this request id."),
    };

    // A rule should have said this better before; the log is told, and the caller which field it was.
    static Trouble FromConstraint(PostgresException error)
    {
        var field = Field(error);
        return error.SqlState switch
        {
            PostgresErrorCodes.CheckViolation => new(422, ExitCode.Usage, "value_not_possible",
                $"“{field}” is longer, larger or other than can be kept. Correct it and try again.", field),
            PostgresErrorCodes.UniqueViolation => new(409, ExitCode.Refused, "exists_already",
                $"There is one with this “{field}” already."),
            _ when error.MessageText.StartsWith("insert", StringComparison.Ordinal) =>
                new(422, ExitCode.Usage, "reference_unknown",
                    $"“{field}” names something that does not exist in this workspace.", field),
            _ => new Trouble(409, ExitCode.Refused, "still_in_use",
                "Something else still refers to this, so it cannot be deleted."),
        } with { IsLogged = true };
    }

    // PostgreSQL names a constraint after its table and columns: campaigns_workspace_id_mailbox_id_fkey.
    static string Field(PostgresException error)
    {
        var name = error.ConstraintName ?? "";
        if (error.TableName is { } table && name.StartsWith(table + "_", StringComparison.Ordinal))
            name = name[(table.Length + 1)..];
        var end = name.LastIndexOf('_');
        return (end > 0 ? name[..end] : name).Replace("workspace_id_", "", StringComparison.Ordinal);
    }

    static Exception Innermost(Exception error) => error.GetBaseException();
}
