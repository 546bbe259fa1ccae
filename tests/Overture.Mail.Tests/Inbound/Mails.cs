using System.Text;

namespace Overture.Mail.Tests.Inbound;

/// <summary>Builds received messages from their text.</summary>
static class Mails
{
    public static ReceivedEmail Read(string message) =>
        MimeReader.Read(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));

    /// <summary>A report with a text part and a delivery status (RFC 3464).</summary>
    public static ReceivedEmail Report(string text, string status,
        string type = "message/delivery-status") => Read(
        $"""
        From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
        To: bob@example.com
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b

        {text}

        --b
        Content-Type: {type}

        {status}

        --b
        Content-Type: message/rfc822

        From: bob@example.com
        To: ann@example.org
        Message-ID: <sent-1@example.com>
        X-Overture-Ref: token-7
        List-Unsubscribe: <https://go.example.com/u/token-8>
        Subject: Hello

        Hello Ann
        --b--
        """);
}
