using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Refuses, when it is saved, a text that could never be sent.</summary>
public sealed class TemplateCheck : ITemplateCheck
{
    public void Check(StepKind kind, string subject, string body)
    {
        Template.Parse(subject);
        Template.Parse(body);
        if (kind == StepKind.Manual)
        {
            if (subject.Trim().Length == 0)
                throw new RuleBroken("title_missing", "Say what there is to do.", "subject");
            return;
        }

        if (body.Trim().Length == 0) throw new RuleBroken("text_missing", "A text is empty.", "body");
        if (kind == StepKind.Email && subject.Trim().Length == 0)
            throw new RuleBroken("subject_missing", "An email needs a subject.", "subject");
    }

    public void CheckField(string field)
    {
        if (!ConditionFields.Known.Contains(field))
            throw new RuleBroken(
                "unknown_field",
                $"“{field}” cannot be asked about. Known fields: {string.Join(", ", ConditionFields.Known)}.");
    }
}
