namespace Overture.Core.Jobs;

/// <summary>Who asked and under which key; a key means nothing to other callers.</summary>
public sealed record RequestKey(long WorkspaceId, string Caller, string Key);

/// <summary>
/// What a request was answered; the body is null where it was too large to keep, or held what was erased.
/// </summary>
public sealed record KeptAnswer(
    DateTime AnsweredAt, byte[] RequestHash, int Code, string? ContentType, string? Location, byte[]? Body);

/// <summary>
/// Who is to answer a request: we, as the node that is named; nobody, because there is an answer; or, where
/// there is neither, somebody else, who is at it.
/// </summary>
public sealed record RequestTurn(int? Node = null, KeptAnswer? Answer = null);
