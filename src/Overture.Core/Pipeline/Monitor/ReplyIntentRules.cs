using Overture.Core.Model;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Pipeline;

/// <summary>What a reply wants, how sure the rules are, and the words that decided it.</summary>
public sealed record IntentReading(ReplyIntent Intent, float Confidence, string? Words);

/// <summary>
/// Reads the intent of a human reply by rules, in about a dozen languages. Refusals are looked for before
/// everything else: writing once more to somebody who asked us not to is the one mistake that cannot be made
/// good. Where a refusal and a yes stand side by side the confidence falls, and a person decides.
/// </summary>
public static class ReplyIntentRules
{
    /// <summary>From here on a refusal suppresses by itself; below, a person is asked.</summary>
    public const float Sure = 0.8f;

    const float WholeText = 0.98f;
    const float Phrase = 0.9f;
    const float PhraseInLongText = 0.82f;
    const float Contradicted = 0.6f;
    const float Guess = 0.5f;
    const int LongTextWords = 120;

    static readonly Rules All = Read();

    /// <summary>Reads a reply.</summary>
    /// <param name="subject">Its subject; only a mail without text is read by it.</param>
    /// <param name="words">What its writer wrote now, without quotes and signature.</param>
    /// <param name="ownText">The message it answers; lines of it are not the writer's.</param>
    public static IntentReading Read(string? subject, string words, string? ownText = null)
    {
        var sentences = ReplyText.Sentences(words, ownText);
        if (sentences.Count == 0) sentences = ReplyText.Sentences(subject ?? "", null);
        var text = sentences.SelectMany(sentence => sentence.Words).ToList();
        var lower = words.ToLowerInvariant();
        var found = All.InOrder
            .Select(rule => (rule.Intent, Found: Find(rule.Group, sentences, text, lower)))
            .Where(rule => rule.Found is not null).ToList();
        if (found.Count == 0) return Unknown(sentences);
        var (intent, (matched, isWhole)) = (found[0].Intent, found[0].Found!.Value);
        var says = intent == ReplyIntent.WrongPerson
            && found.Exists(rule => rule.Intent == ReplyIntent.Referral) ? ReplyIntent.Referral : intent;
        var confidence = isWhole ? WholeText : text.Count > LongTextWords ? PhraseInLongText : Phrase;
        var isContradicted = found.Exists(rule => rule.Intent == ReplyIntent.Positive)
            && intent is ReplyIntent.Refusal or ReplyIntent.Negative;
        return new IntentReading(says, isContradicted ? Contradicted : confidence, matched);
    }

    static IntentReading Unknown(IReadOnlyList<(IReadOnlyList<string> Words, bool Asks)> sentences) =>
        sentences.FirstOrDefault(sentence => sentence.Asks) is { Words: { } asked }
            ? new IntentReading(ReplyIntent.Question, Guess, string.Join(' ', asked.Take(8)))
            : new IntentReading(ReplyIntent.Neutral, Guess, null);

    static (string Matched, bool IsWhole)? Find(
        Group group, IReadOnlyList<(IReadOnlyList<string> Words, bool Asks)> sentences,
        List<string> text, string lower)
    {
        if (Plain(text) is var whole && group.Whole.Contains(whole)) return (whole, true);
        foreach (var (words, _) in sentences)
        {
            // A sentence of its own says the same as the whole text does; one word alone is too little.
            if (words.Count > 1 && group.Whole.Contains(Plain(words))) return (Plain(words), false);
            if (group.Except.Exists(phrase => phrase.In(words) is not null)) continue;
            foreach (var phrase in group.Phrases)
                if (phrase.In(words) is var (from, to))
                    return (string.Join(' ', words.Skip(from).Take(to - from)), false);
        }

        return group.Contains.Find(part => lower.Contains(part, StringComparison.Ordinal)) is { } part1
            ? (part1, false) : null;
    }

    /// <summary>Without greetings and words of courtesy, which change nothing of what is wanted.</summary>
    static string Plain(IEnumerable<string> words) =>
        string.Join(' ', words.Where(word => !All.Courtesy.Contains(word)));

    static Rules Read()
    {
        using var stream = typeof(ReplyIntentRules).Assembly.GetManifestResourceStream("reply-intents.yaml")
            ?? throw new InvalidOperationException("The resource reply-intents.yaml is not part of this build.");
        using var reader = new StreamReader(stream);
        var file = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
            .Build().Deserialize<Dictionary<string, RuleGroup>>(reader.ReadToEnd());
        var courtesy = file["courtesy"].Whole.ToHashSet(StringComparer.Ordinal);
        var except = file["not_refusal"].Phrases.ConvertAll(WordPhrase.Parse);
        return new Rules(
        [
            (ReplyIntent.Refusal, Group.Of(file["refusal"], except, courtesy)),
            (ReplyIntent.WrongPerson, Group.Of(file["wrong_person"], [], courtesy)),
            (ReplyIntent.Referral, Group.Of(file["referral"], [], courtesy)),
            (ReplyIntent.Negative, Group.Of(file["negative"], [], courtesy)),
            (ReplyIntent.Positive, Group.Of(file["positive"], [], courtesy)),
            (ReplyIntent.Question, Group.Of(file["question"], [], courtesy)),
        ], courtesy);
    }

    sealed record Rules(
        IReadOnlyList<(ReplyIntent Intent, Group Group)> InOrder, HashSet<string> Courtesy);

    sealed record Group(
        HashSet<string> Whole, List<WordPhrase> Phrases, List<string> Contains, List<WordPhrase> Except)
    {
        public static Group Of(RuleGroup written, List<WordPhrase> except, HashSet<string> courtesy) => new(
            [.. written.Whole.Select(text => string.Join(
                ' ', ReplyText.Words(text).Where(word => !courtesy.Contains(word))))
                .Where(text => text.Length > 0)],
            written.Phrases.ConvertAll(WordPhrase.Parse), written.Contains, except);
    }

    sealed record RuleGroup
    {
        public List<string> Whole { get; init; } = [];
        public List<string> Phrases { get; init; } = [];
        public List<string> Contains { get; init; } = [];
    }
}
