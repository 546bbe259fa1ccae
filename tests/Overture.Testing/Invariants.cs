using Dapper;
using Overture.Core.Data;

namespace Overture.Testing;

/// <summary>
/// What must hold of the send tables at every quiet moment, each as one query that finds the exceptions. Run
/// after
/// every test that sends; the sink is checked beside it, because it alone knows what has really left.
/// </summary>
public static class Invariants
{
    static readonly (string Name, string Sql)[] All =
    [
        ("I1: more than one attempt of a step may have reached somebody",
            """
            select 'intent ' || intent_id from send_attempts
            where state in ('submitting', 'accepted', 'uncertain')
            group by workspace_id, intent_id having count(*) > 1
            """),
        ("I3: the intent and its attempts tell different stories",
            """
            select 'intent ' || i.id || ' is ' || i.state from send_intents i
            where i.state in ('accepted', 'captured', 'uncertain') and not exists (
                select from send_attempts a where a.workspace_id = i.workspace_id and a.intent_id = i.id
                  and a.state = i.state)
            union all
            select 'attempt ' || a.id || ' is ' || a.state || ', its intent ' || i.state
            from send_attempts a join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            where (a.state in ('accepted', 'captured') and i.state <> a.state)
               or (a.state = 'uncertain' and i.state not in ('uncertain', 'assumed', 'accepted'))
            """),
        ("I3: a captured intent has no captured bytes, or too many",
            """
            select 'intent ' || i.id || ' has ' || count(k.id) from send_intents i
            left join captured_mail k on k.workspace_id = i.workspace_id and k.message_id = i.message_id
            group by i.workspace_id, i.id, i.state
            having count(k.id) <> (case when i.state = 'captured' then 1 else 0 end)
            """),
        ("I4: a written email has no intent",
            """
            select 'message ' || m.id from messages m
            where m.channel = 'email' and m.state not in ('draft', 'approved', 'cancelled') and not exists (
                select from send_intents i where i.workspace_id = m.workspace_id and i.message_id = m.id)
            """),
        ("I4: an active enrollment waits for nothing",
            """
            select 'enrollment ' || e.id from enrollments e
            where e.state = 'active' and e.due_at is null and not exists (
                select from messages m
                left join send_intents i on i.workspace_id = m.workspace_id and i.message_id = m.id
                where m.workspace_id = e.workspace_id and m.enrollment_id = e.id
                  and m.step_id = e.next_step_id
                  and (m.state in ('draft', 'approved') or i.state in ('planned', 'claimed', 'submitting')))
              and not exists (
                select from tasks t
                where t.workspace_id = e.workspace_id and t.enrollment_id = e.id
                  and t.step_id = e.next_step_id and t.state = 'open')
            """),
        ("I4: something is still planned for an enrollment that has ended",
            """
            select 'intent ' || i.id || ' is ' || i.state from send_intents i
            join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
            where e.state = 'finished' and i.state in ('planned', 'claimed')
            """),
        ("I4: message and intent disagree",
            """
            select 'message ' || m.id || ' is ' || m.state || ', its intent ' || i.state
            from messages m join send_intents i on i.workspace_id = m.workspace_id and i.message_id = m.id
            where m.state <> case i.state when 'planned' then 'scheduled' when 'claimed' then 'scheduled'
                when 'submitting' then 'sending' when 'rejected' then 'failed'
                when 'cancelled' then 'cancelled'
                else 'sent' end
            """),
        ("I5: something is in flight and nobody is sending it",
            """
            select 'intent ' || id || ' is ' || state || ' of node ' || owner from send_intents
            where state in ('claimed', 'submitting')
            """),
        ("I5: an open attempt without a submitting intent",
            """
            select 'attempt ' || a.id from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            where a.state = 'submitting' and i.state <> 'submitting'
            """),
        ("I6: fewer tasks to settle than uncertain messages",
            """
            select uncertain || ' uncertain, ' || tasks || ' tasks' from
                (select count(*) as uncertain from send_intents where state = 'uncertain') u,
                (select count(*) as tasks from tasks where kind = 'settle_uncertain') t
            where tasks < uncertain
            """),
        ("I7: the fence did not grow from attempt to attempt",
            """
            select 'intent ' || intent_id from (
                select intent_id, fence,
                    lag(fence) over (partition by workspace_id, intent_id order by id) as before
                from send_attempts) f where before >= fence
            """),
        ("I8: an attempt after the address was suppressed",
            """
            select 'attempt ' || a.id from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            join messages m on m.workspace_id = i.workspace_id and m.id = i.message_id
            join suppressions s on s.workspace_id = m.workspace_id and s.kind = 'address'
                and s.value = lower(m.to_address)
            where a.submitted_at > s.created_at
            """),
        ("I9: more left on a day than the mailbox allows",
            """
            select 'mailbox ' || b.id || ': ' || count(*) from send_attempts a
            join mailboxes b on b.workspace_id = a.workspace_id and b.id = a.mailbox_id
            where a.state in ('submitting', 'accepted', 'captured', 'uncertain')
            group by b.workspace_id, b.id, b.daily_limit, (a.submitted_at at time zone b.time_zone)::date
            having count(*) > b.daily_limit
            """),
        ("I10: a step was written while the one before it was still open",
            """
            select 'enrollment ' || enrollment_id from messages
            where state in ('draft', 'approved', 'scheduled', 'sending')
            group by workspace_id, enrollment_id having count(*) > 1
            """),
        ("I10: an enrollment stands at a step of another campaign",
            """
            select 'enrollment ' || e.id from enrollments e
            join steps st on st.workspace_id = e.workspace_id and st.id = e.next_step_id
            join sequences s on s.workspace_id = st.workspace_id and s.id = st.sequence_id
            where s.campaign_id <> e.campaign_id
            """),
        ("I10: the order of a sequence has a gap, or a branch that leads back",
            """
            select 'sequence ' || sequence_id from steps where position is not null
            group by workspace_id, sequence_id having max(position) <> count(*)
            union all
            select 'step ' || c.id from steps c
            join steps t on t.workspace_id = c.workspace_id and t.id in (c.yes_step_id, c.no_step_id)
            where t.sequence_id <> c.sequence_id or t.position <= c.position
            """),
        ("I10: something left that a person had to approve and did not",
            """
            select 'message ' || m.id from messages m
            join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
            where m.expires_at is not null and m.approved_hash is null
                and m.state in ('approved', 'scheduled', 'sending', 'sent')
            """),
        ("I16: rows of two workspaces hang together",
            """
            select 'intent ' || i.id from send_intents i
            join enrollments e on e.id = i.enrollment_id
            join messages m on m.id = i.message_id
            join mailboxes b on b.id = i.mailbox_id
            where (e.workspace_id, m.workspace_id, b.workspace_id)
                  is distinct from (i.workspace_id, i.workspace_id, i.workspace_id)
            """),
    ];

    /// <summary>Every exception found, each in words; empty when all invariants hold.</summary>
    public static async Task<IReadOnlyList<string>> Broken(Database database, CancellationToken cancel)
    {
        await using var session = await database.OpenInstance(cancel);
        var broken = new List<string>();
        foreach (var (name, sql) in All)
        {
            var rows = await session.Connection.QueryAsync<string>(
                new CommandDefinition(sql, transaction: session.Transaction, cancellationToken: cancel));
            broken.AddRange(rows.Select(row => $"{name}: {row}"));
        }

        return broken;
    }
}
