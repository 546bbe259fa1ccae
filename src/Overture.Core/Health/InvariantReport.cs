using Overture.Core.Data;

namespace Overture.Core.Health;

/// <summary>
/// What must hold of the send tables, each as one query that finds the exceptions. `overture doctor
/// --invariants` asks them, and so does every test that sends; what has really left only the far side knows.
/// </summary>
public static class InvariantReport
{
    /// <summary>Exceptions of one kind that are told one by one.</summary>
    const int MostNamed = 100;

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
                  and (m.state in ('draft', 'approved') or i.state in ('planned', 'claimed', 'submitting', 'uncertain')))
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
              and (@atRest or lease_until < now() - interval '11 minutes'
                   or (not node_is_alive(owner) and updated_at < now() - interval '2 minutes'))
            """),
        ("I5: an open attempt without a submitting intent",
            """
            select 'attempt ' || a.id from send_attempts a
            join send_intents i on i.workspace_id = a.workspace_id and i.id = a.intent_id
            where a.state = 'submitting' and i.state <> 'submitting'
            """),
        ("I6: nobody looks for an uncertain message, and nobody is asked about it",
            """
            select 'intent ' || i.id from send_intents i
            where i.state = 'uncertain'
              and not exists (select from verifications v
                  where v.workspace_id = i.workspace_id and v.intent_id = i.id)
              and not exists (select from tasks t where t.workspace_id = i.workspace_id
                  and t.kind = 'settle_uncertain' and t.message_id = i.message_id)
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
        ("I11: a final state could be left, because its trigger is gone",
            """
            select 'send_intents_final' where not exists (
                select from pg_trigger where tgname = 'send_intents_final' and tgenabled <> 'D')
            """),
        ("I12: something was sent and no event tells it",
            """
            select 'intent ' || i.id from send_intents i
            where i.state = 'accepted' and not exists (
                select from events e where e.workspace_id = i.workspace_id and e.message_id = i.message_id
                  and e.kind = 'sent')
            """),
        ("I14: an attempt was begun while sending was stopped",
            """
            select 'attempt ' || a.id from send_attempts a
            join workspaces w on w.id = a.workspace_id
            where a.submitted_at > w.stopped_at and a.transport <> 'capture'
              and a.state in ('submitting', 'accepted', 'uncertain')
            """),
        ("I15: an attempt bears an epoch that was not in force",
            """
            select 'attempt ' || a.id || ' of epoch ' || a.epoch from send_attempts a, instance n
            where a.epoch > n.epoch
               or (a.epoch between 1 and n.epoch - 1 and a.submitted_at > n.released_at)
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
        ("The table of due sends does not say what the intents say",
            """
            select 'intent ' || coalesce(i.id, d.intent_id) || ' is ' || coalesce(i.state, 'gone') from (
                select i.* from send_intents i
                join enrollments e on e.workspace_id = i.workspace_id and e.id = i.enrollment_id
                where i.state in ('claimed', 'submitting') or (i.state = 'planned' and e.state = 'active')) i
            full join send_due d on d.workspace_id = i.workspace_id and d.intent_id = i.id
            where (i.due_at, i.mailbox_id, i.owner) is distinct from (d.due_at, d.mailbox_id, d.owner)
              and not (d.intent_id is not null and i.state is null and exists (
                select from send_intents p
                join enrollments f on f.workspace_id = p.workspace_id and f.id = p.enrollment_id
                where p.workspace_id = d.workspace_id and p.id = d.intent_id and p.state = 'planned'
                  and f.state = 'finished'))
            """),
        ("The table of due steps does not say what the enrollments say",
            """
            select 'enrollment ' || coalesce(e.id, d.enrollment_id) from (
                select * from enrollments where state = 'active' and due_at is not null) e
            full join enrollment_due d on d.workspace_id = e.workspace_id and d.enrollment_id = e.id
            where e.due_at is distinct from d.due_at
            """),
    ];

    /// <summary>
    /// Every exception found, each in words; empty when all invariants hold. At rest nothing may be under way;
    /// otherwise what a living node has in hand is left alone.
    /// </summary>
    public static Task<IReadOnlyList<string>> Broken(
        Database database, bool atRest, CancellationToken cancel) =>
        database.InInstance(
            async session =>
            {
                var broken = new List<string>();
                foreach (var (name, sql) in All)
                    broken.AddRange((await session.List<string>(
                        $"select * from ({sql}) as found limit {MostNamed}", new { atRest }, cancel))
                        .Select(row => $"{name}: {row}"));
                return (IReadOnlyList<string>)broken;
            },
            cancel);
}
