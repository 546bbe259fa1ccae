using System.Diagnostics;
using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class VisibleReplyTests
{
    [Theory]
    [InlineData("On Mon, 4 May 2026 at 10:12, Ann Example <ann@example.com> wrote:")]
    [InlineData("On 4 May 2026, at 10:12, Ann Example\n<ann@example.com> wrote:")]
    [InlineData("Am 04.05.2026 um 10:12 schrieb Ann Example <ann@example.com>:")]
    [InlineData("Ann Example <ann@example.com> schrieb am Mo., 4. Mai 2026,\n10:12:")]
    [InlineData("Le lun. 4 mai 2026 à 10:12, Ann Example <ann@example.com> a écrit\u00a0:")]
    [InlineData("El lun, 4 may 2026 a las 10:12, Ann Example (<ann@example.com>) escribió:")]
    [InlineData("Em seg., 4 de mai. de 2026 às 10:12, Ann Example <ann@example.com> escreveu:")]
    [InlineData("Il giorno lun 4 mag 2026 alle ore 10:12 Ann Example <ann@example.com> ha scritto:")]
    [InlineData("Op ma 4 mei 2026 om 10:12 schreef Ann Example <ann@example.com>:")]
    [InlineData("Den mån 4 maj 2026 kl 10:12 skrev Ann Example <ann@example.com>:")]
    [InlineData("man. 4. mai 2026 kl. 10:12 skrev Ann Example <ann@example.com>:")]
    [InlineData("ma 4. toukok. 2026 klo 10.12 Ann Example (ann@example.com) kirjoitti:")]
    [InlineData("pon., 4 maj 2026 o 10:12 Ann Example <ann@example.com> napisał(a):")]
    [InlineData("po 4. 5. 2026 v 10:12 odesílatel Ann Example <ann@example.com> napsal:")]
    [InlineData("пн, 4 мая 2026 г. в 10:12, Ann Example <ann@example.com>:")]
    [InlineData("пн, 4 трав. 2026 р. о 10:12 Ann Example <ann@example.com> пише:")]
    [InlineData("Ann Example <ann@example.com>, 4 May 2026 Pzt, 10:12 tarihinde şunu yazdı:")]
    [InlineData("Vào Th 2, 4 thg 5, 2026 vào lúc 10:12 Ann Example <ann@example.com> đã viết:")]
    [InlineData("2026年5月4日(月) 10:12 Ann Example <ann@example.com>:")]
    [InlineData("在 2026年5月4日，上午10:12，Ann Example <ann@example.com> 写道：")]
    [InlineData("-----Original Message-----\nFrom: Ann Example\nSent: Monday, May 4, 2026 10:12 AM")]
    [InlineData("________________________________\nFrom: Ann Example <ann@example.com>\n"
        + "Sent: Monday, May 4, 2026\nTo: Bob\nSubject: Hello")]
    [InlineData("Von: Ann Example <ann@example.com>\nGesendet: Montag, 4. Mai 2026 10:12\nAn: Bob\n"
        + "Betreff: Hallo")]
    [InlineData("De : Ann Example <ann@example.com>\nEnvoyé : lundi 4 mai 2026 10:12\nÀ : Bob\n"
        + "Objet : Bonjour")]
    [InlineData("*От:* Ann Example <ann@example.com>\n*Отправлено:* 4 мая 2026\n*Кому:* Bob\n*Тема:* Привет")]
    [InlineData(">>> Ann Example <ann@example.com> 5/4/2026 10:12 >>>")]
    [InlineData("---- Ann Example wrote ----")]
    public void The_quoted_original_is_cut_at_its_header(string header) =>
        Assert.Equal("Yes, let us talk on Friday.",
            VisibleReply.From($"Yes, let us talk on Friday.\n\n{header}\n\nHello Bob,\nwould Friday suit?"));

    [Theory]
    [InlineData("On the other hand, we met in 2019.\nI wrote about it.")]
    [InlineData("On Tuesday 5 May we are closed.\n\nSee you then")]
    [InlineData("Meet at:\n\nDate: Friday 8 May\nTime: 10:00\nPlace: the hall")]
    [InlineData("Here is the list:\n-- one\n-- two\n\nGood?")]
    [InlineData("I will wait.\n\nSent from my window I can see you, and it is nice.")]
    public void What_only_resembles_a_quote_stays(string text) => Assert.Equal(text, VisibleReply.From(text));

    [Theory]
    [InlineData("\n-- \nAnn Example\nExample Ltd")]
    [InlineData("\nSent from my iPhone")]
    [InlineData("\nGet Outlook for iOS<https://aka.example/o>")]
    [InlineData("\nVon meinem iPhone gesendet")]
    [InlineData("\nBest regards,\n\nAnn Example\nExample Ltd\n+1 555 0100")]
    [InlineData("\nMit freundlichen Grüßen\nAnn Example")]
    [InlineData("\n-Ann Example")]
    [InlineData("\n_______________________________________________\nlist mailing list\nlist@example.com")]
    [InlineData("\nThis email and its attachments are confidential and intended for the addressee only.")]
    public void Signatures_and_footers_are_cut(string footer) =>
        Assert.Equal("Fine with me.", VisibleReply.From("Fine with me.\n" + footer));

    [Fact]
    public void An_answer_below_the_quote_is_found() =>
        Assert.Equal("Friday it is.",
            VisibleReply.From("On 4 May 2026, Ann wrote:\n> Would Friday suit?\n\nFriday it is.\n"));

    [Fact]
    public void Interleaved_answers_keep_the_quotes_they_answer() => Assert.Equal(
        "> Friday?\n\nYes.\n\n> At ten?\n\nBetter at noon.",
        VisibleReply.From("On 4 May 2026, Ann wrote:\n> Friday?\n\nYes.\n\n> At ten?\n\nBetter at noon.\n"
            + "\n> Ann\n").Trim());

    [Fact]
    public void A_forwarded_message_stays() =>
        Assert.Contains("Hello there",
            VisibleReply.From("See below.\n\n---------- Forwarded message ----------\n"
                + "From: c@example.com\nTo: d@example.com\n\nHello there"));

    [Fact]
    public void An_empty_answer_above_an_original_shows_nothing() =>
        Assert.Equal("", VisibleReply.From(
            "\nFrom: Ann <ann@example.com>\nSent: Monday, May 4, 2026\nTo: Bob\nSubject: Hi\n\n"
                + "Would Friday suit?"));

    [Theory]
    [InlineData("<p>Yes!</p><div class=\"gmail_quote\">On Mon, Ann "
        + "wrote:<blockquote>Friday?</blockquote></div>")]
    [InlineData("<div>Yes!</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">From: "
        + "Ann</div><div>Friday?</div>")]
    [InlineData("Yes!<blockquote type=\"cite\">On 4 May 2026, Ann wrote: Friday?</blockquote>")]
    [InlineData("<div>Yes!</div><div class=\"gmail_signature\">Bob<br>Example Ltd</div>")]
    public void Html_replies_lose_their_quotes(string html) =>
        Assert.Equal("Yes!", VisibleReply.FromHtml(html));

    [Fact]
    public void A_forwarded_message_in_html_stays() => Assert.Contains("Hello there", VisibleReply.FromHtml(
        "See below.<div class=\"gmail_quote\"><div>---------- Forwarded message ---------<br>"
        + "From: c@example.com</div><div>Hello there</div></div>"));

    [Fact]
    public void Deeply_nested_html_does_not_overflow()
    {
        var html = string.Concat(Enumerable.Repeat("<div><blockquote><font>", 50_000)) + "Hi";
        Assert.NotNull(VisibleReply.FromHtml(html));
    }

    [Theory]
    [InlineData(">")]
    [InlineData("On On On ")]
    [InlineData("On 1 May 2026 a@b.c, \n")]
    [InlineData("From: a@b.c\nDate\n")]
    [InlineData("--- ")]
    [InlineData("> a\nb\n")]
    public void Hostile_repetition_takes_linear_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 300_000 / unit.Length));
        var started = Stopwatch.GetTimestamp();
        VisibleReply.From(text);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3), unit);
    }
}
