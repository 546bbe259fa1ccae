namespace Overture.Mail.Inbound;

/// <summary>
/// What a delivery report says, whether it follows RFC 3464 or only the habits of its mail server.
/// </summary>
/// <param name="Recipients">One entry for each address reported on, in the order of the report.</param>
public sealed record BounceReport(IReadOnlyList<BouncedRecipient> Recipients)
{
    /// <summary>
    /// The Message-ID values of the returned original, without angle brackets; empty when it was not
    /// returned.
    /// </summary>
    public IReadOnlyList<string> OriginalMessageIds { get; init; } = [];

    /// <summary>
    /// True when at least one recipient failed; false when all are only delayed or were delivered.
    /// </summary>
    public bool Failed => Recipients.Any(r => r.Action == "failed");
}

/// <summary>What a delivery report says of one recipient.</summary>
/// <param name="Address">The address, as the report gives it; empty when the report hides it.</param>
/// <param name="Action">failed, delayed, delivered, relayed or expanded (RFC 3464 section 2.3.3).</param>
/// <param name="Status">
/// The enhanced status code d.d.d (RFC 3463); empty when neither given nor to be concluded.
/// </param>
/// <param name="ReplyCode">
/// The SMTP reply code of three digits (RFC 5321 section 4.2); empty when none was given.
/// </param>
/// <param name="Reason">Why, in the vocabulary of <see cref="BounceReason"/>.</param>
/// <param name="Hard">True when sending to this address again is pointless.</param>
/// <param name="Diagnostic">The words of the server, on one line.</param>
public sealed record BouncedRecipient(
    string Address, string Action, string Status, string ReplyCode, string Reason, bool Hard,
    string Diagnostic);
