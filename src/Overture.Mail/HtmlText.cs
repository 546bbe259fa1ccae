namespace Overture.Mail;

/// <summary>placeholder</summary>
public static class HtmlText
{
    /// <summary>x</summary>
    public static string FromHtml(string html) => html;
}
