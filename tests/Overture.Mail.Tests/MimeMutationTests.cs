using Overture.Fuzz;
using Overture.Testing;

namespace Overture.Mail.Tests;

/// <summary>A short run of scripts/fuzz: damaged messages throw nothing and take no time.</summary>
public class MimeMutationTests
{
    const int Mutated = 1_500;
    const int MaxSeedBytes = 64 * 1024;
    static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(1);

    static readonly byte[][] OwnSeeds =
    [
        "From: a@b.test\nSubject: =?utf-8?Q?a?=\nContent-Type: multipart/mixed; boundary=b\n\n"u8.ToArray(),
        "--b\r\nContent-Type: text/html; charset=utf-7\r\n\r\n<p>x<blockquote>y\r\n--b--\r\n"u8.ToArray(),
        "Content-Transfer-Encoding: base64\nContent-Type: message/rfc822\n\nU3ViamVjdDogeA0KDQp4"u8.ToArray(),
    ];

    [Fact]
    public void Damaged_messages_are_read()
    {
        var mutations = new Mutations([.. OwnSeeds, .. CorpusSeeds()]);
        for (var number = 0; number < Mutated; number++)
        {
            var (input, _) = mutations.Make(number);
            var spent = TimeOf.Run(() => MimeScoreTests.Touch(MimeReader.Read(input)));
            Assert.True(spent < SlowestAllowed, $"mutation {number} took {spent.TotalMilliseconds:F0} ms");
        }
    }

    static IEnumerable<byte[]> CorpusSeeds()
    {
        if (SharedData.PathOf("email/mime-torture/files") is not { } folder) return [];
        return Directory.EnumerateFiles(folder).Order()
            .Where(file => new FileInfo(file).Length <= MaxSeedBytes).Select(File.ReadAllBytes);
    }
}
