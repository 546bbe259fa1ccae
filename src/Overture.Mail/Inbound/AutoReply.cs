namespace Overture.Mail.Inbound;

/// <summary>An answer no person typed, such as "I am out of the office" (RFC 3834).</summary>
/// <param name="ReturnOn">The day its owner says to be back, where one is given.</param>
/// <param name="Evidence">The header field or the words it was known by.</param>
public sealed record AutoReply(DateOnly? ReturnOn, string Evidence);
