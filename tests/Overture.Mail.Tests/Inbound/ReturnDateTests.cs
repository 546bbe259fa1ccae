using System.Globalization;
using Overture.Mail.Inbound;

namespace Overture.Mail.Tests.Inbound;

public class ReturnDateTests
{
    static readonly DateOnly Written = new(2026, 4, 28);

    [Theory]
    [InlineData("I will be back on 5 May.", "2026-05-05")]
    [InlineData("I will be back on May 5th, 2026.", "2026-05-05")]
    [InlineData("I am returning to the office on Tuesday, May 5.", "2026-05-05")]
    [InlineData("Away until 2026-05-05", "2026-05-05")]
    [InlineData("I am out from 29 April to 5 May.", "2026-05-05")]
    [InlineData("I am out from 29/04/2026 until 05/05/2026.", "2026-05-05")]
    [InlineData("Back on 06/05.", "2026-05-06")]
    [InlineData("Back on 5/14/2026", "2026-05-14")]
    [InlineData("Ich bin ab dem 5.5.2026 wieder im Büro.", "2026-05-05")]
    [InlineData("Ich bin am 05.05. wieder da, zurück am 05.05.", "2026-05-05")]
    [InlineData("Ich bin bis zum 5. Mai im Urlaub.", "2026-05-05")]
    [InlineData("Je serai de retour le 5 mai 2026.", "2026-05-05")]
    [InlineData("Je suis absent jusqu'au mardi 5 mai inclus.", "2026-05-05")]
    [InlineData("Estaré fuera hasta el 5 de mayo de 2026.", "2026-05-05")]
    [InlineData("Estarei ausente até 5 de maio.", "2026-05-05")]
    [InlineData("Sarò assente fino al 5 maggio.", "2026-05-05")]
    [InlineData("Ik ben afwezig tot en met 5 mei.", "2026-05-05")]
    [InlineData("Jag är tillbaka den 5 maj.", "2026-05-05")]
    [InlineData("Jestem na urlopie do 5 maja.", "2026-05-05")]
    [InlineData("Я в отпуске до 5 мая.", "2026-05-05")]
    [InlineData("I am back on Monday.", "2026-05-04")]
    [InlineData("Ich bin bis Montag nicht im Büro.", "2026-05-04")]
    [InlineData("Away until 3 January", "2027-01-03")]
    public void The_day_of_return_is_found(string text, string day) =>
        Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), ReturnDate.In(text, Written));

    [Theory]
    [InlineData("I am out of the office.")]
    [InlineData("Call me on 555 01 02.")]
    [InlineData("I worked there until 3 May 2019.")]
    [InlineData("Our new office opens on 5 May.")]
    public void Nothing_is_made_up(string text) => Assert.Null(ReturnDate.In(text, Written));
}
