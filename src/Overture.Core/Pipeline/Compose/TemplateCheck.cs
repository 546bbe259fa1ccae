using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Refuses, when it is saved, a text that could never be sent.</summary>
public sealed class TemplateCheck : ITemplateCheck
{
    public void Check(Channel channel, string subject, string body)
    {
        Template.Parse(subject);
        Template.Parse(body);
        if (body.Trim().Length == 0) throw new RuleBroken("text_missing", "A text is empty.", "body");
        if (channel == Channel.Email && subject.Trim().Length == 0)
            throw new RuleBroken("subject_missing", "An email needs a subject.", "subject");
    }
}
