using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

public sealed class TemplateTests
{
    static readonly Dictionary<string,
        object> Ann = new() { ["first_name"] = "Ann", ["company"] = "A & B <Co>" };

    [Theory]
    [InlineData("Hi {{first_name}} of {{company}}", "Hi Ann of A & B <Co>")]
    [InlineData("{{or title \"colleague\"}}", "colleague")]
    [InlineData("{{or title first_name}}", "Ann")]
    [InlineData("{{#if title}}yes{{else}}no{{/if}}", "no")]
    [InlineData("{{#if raised}}Congratulations on {{raised}}.{{/if}}", "")]
    [InlineData("{{#unless title}}untitled{{/unless}}", "untitled")]
    [InlineData("{{~first_name~}}", "Ann")]
    public void Fields_fallbacks_and_conditions_are_filled(string text, string expected)
    {
        var (rendered, unresolved) = Template.Parse(text).Render(Ann);
        Assert.Equal(expected, rendered);
        Assert.Empty(unresolved);
    }

    [Fact]
    public void A_field_without_value_stays_visible_and_is_named()
    {
        var (rendered, unresolved) = Template.Parse("Hi {{title}}").Render(Ann);
        Assert.Equal(("Hi {{title}}", "title"), (rendered, Assert.Single(unresolved)));
    }

    [Theory]
    [InlineData("{{firstname}}")]
    [InlineData("{{or nickname \"x\"}}")]
    [InlineData("{{#if nickname}}x{{/if}}")]
    [InlineData("{{> partial}}")]
    public void An_unknown_field_is_refused_with_the_known_ones(string text)
    {
        var refused = Assert.Throws<RuleBroken>(() => Template.Parse(text));
        Assert.Equal("unknown_field", refused.Code);
        Assert.Contains("first_name, last_name", refused.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{#if title}}never closed")]
    [InlineData("{{/if}}")]
    [InlineData("{{first_name")]
    [InlineData("{{first_name}")]
    public void Broken_syntax_is_refused_in_a_sentence(string text) =>
        Assert.Equal("broken_template", Assert.Throws<RuleBroken>(() => Template.Parse(text)).Code);

    [Fact]
    public void Outside_text_is_never_a_template()
    {
        var values = new Dictionary<string, object> { ["company"] = "{{title}} {{#if x}}" };
        var (rendered, unresolved) = Template.Parse("{{company}}").Render(values);
        Assert.Equal("{{title}} {{#if x}}", rendered);
        Assert.Empty(unresolved);
    }

    [Theory]
    [InlineData(StepKind.Email, 120)]
    [InlineData(StepKind.LinkedIn, 60)]
    public void The_word_limit_is_kept_to_the_word(StepKind kind, int limit)
    {
        Assert.True(Render(kind, limit).IsReady);
        var over = Render(kind, limit + 1);
        Assert.Contains($"{limit + 1} words; {limit} are allowed", Assert.Single(over.Problems),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_booking_link_ends_the_message_once()
    {
        var fields = new Dictionary<string, object> { ["booking_link"] = "https://overture.example/book" };
        foreach (var body in new[] { "Hello", "Hello\n\n{{booking_link}}" })
        {
            var text = MessageRenderer.Render(StepKind.Email, Text("s", body), fields).Body;
            Assert.Equal("Hello\n\nhttps://overture.example/book", text);
        }
    }

    [Fact]
    public void A_subject_stays_on_its_line() =>
        Assert.DoesNotContain(
            '\n', MessageRenderer.Render(StepKind.Email, Text("One\r\nBcc: x@client.example", "Hi"),
                Ann).Subject);

    static RenderedMessage Render(StepKind kind, int words) => MessageRenderer.Render(
        kind, Text("s", string.Join(' ', Enumerable.Repeat("word", words))), new Dictionary<string,
            object>());

    static Variant Text(string subject, string body) => new() { Name = "A", Subject = subject, Body = body };
}
