using System.Security.Cryptography;
using Overture.Core.Data;

namespace Overture.Core.Tests.Data;

public sealed class SecretBoxTests
{
    static readonly SecretPlace Place = new("mailboxes", "password", "7", WorkspaceId: 3);
    readonly SecretBox box = new(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes));

    [Fact]
    public void What_was_sealed_opens_in_its_place()
    {
        var first = box.Seal("geheim ✓", Place);
        var second = box.Seal("geheim ✓", Place);

        Assert.Equal("geheim ✓", box.OpenText(first, Place));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void It_opens_in_no_other_row_column_table_or_workspace()
    {
        var sealedBytes = box.Seal("geheim", Place);

        foreach (var other in new[]
        {
            Place with { Row = "8" }, Place with { Column = "token" }, Place with { Table = "keys" },
            Place with { WorkspaceId = 4 },
        })
            Assert.Throws<SecretUnreadable>(() => box.Open(sealedBytes, other));
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        var sealedBytes = box.Seal("geheim", Place);
        for (var at = 0; at < sealedBytes.Length; at++)
        {
            var changed = (byte[])sealedBytes.Clone();
            changed[at] ^= 1;
            Assert.Throws<SecretUnreadable>(() => box.Open(changed, Place));
        }

        Assert.Throws<SecretUnreadable>(() => box.Open(sealedBytes.AsSpan(0, 20), Place));
    }

    [Fact]
    public void Another_key_says_which_key_is_missing()
    {
        var other = new SecretBox(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes));

        var error = Assert.Throws<SecretUnreadable>(() => other.Open(box.Seal("geheim", Place), Place));

        Assert.Contains(box.KeyId, error.Message);
        Assert.Contains(other.KeyId, error.Message);
    }
}
