using Overture.Ranking.Learning;

namespace Overture.Ranking.Tests.Learning;

public class ModelDocumentTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(700)]
    [InlineData(25_000)]
    public void A_model_read_back_predicts_the_same_to_the_last_bit(int rows)
    {
        var table = Synthetic.Table(rows, 5, 8);
        var model = Learner.Learn(table, new LearnerOptions { FeatureList = "v1-abc" }).Model!;
        var text = ModelDocument.Write(model);
        var back = ModelDocument.Read(text);
        Assert.Equal(model.Chances(table.Values), back.Chances(table.Values));
        Assert.Equal(model.Evidence(table.Row(3)), back.Evidence(table.Row(3)));
        Assert.Equal(model.Explain(table.Row(3)).Parts, back.Explain(table.Row(3)).Parts);
        Assert.Equal("v1-abc", back.FeatureList);
        Assert.Equal(text, ModelDocument.Write(back));
    }

    [Fact]
    public void A_document_of_another_version_or_a_broken_one_is_refused()
    {
        var text = ModelDocument.Write(Learner.Learn(Synthetic.Table(200, 3, 8)).Model!);
        Assert.Throws<FormatException>(() =>
            ModelDocument.Read(text.Replace("\"version\": 1", "\"version\": 2")));
        Assert.Throws<FormatException>(() => ModelDocument.Read("{}"));
        Assert.Throws<FormatException>(() => ModelDocument.Read("nonsense"));
        Assert.Throws<FormatException>(() => ModelDocument.Read(text[..(text.Length / 2)]));
        Assert.Contains("\"0>", text);
        Assert.Throws<FormatException>(() => ModelDocument.Read(text.Replace("\"0>", "\"77>")));
    }
}
