-- How leads are ranked: the way from operational rows to a training set, and the models learned from it.

-- Who is written to first among the leads that wait, the highest first: the chance that was drawn for the lead, and
-- its day of arrival. A lead gains as much a day as any other, so two leads never change places by waiting.
alter table leads
    add column rank_order double precision,
    add column ranked_by bigint;
create index leads_in_order on leads (workspace_id, rank_order desc nulls last, id)
    where state in ('ranked', 'accepted');

-- ---- staging: operational rows in the words of ranking ----

-- A lead with everything that is known of it. Training and serving both read it, so that neither sees a lead
-- differently from the other.
create view stg_leads with (security_invoker = true) as
select l.workspace_id, l.id as lead_id, l.contact_id, l.company_id, l.created_at, c.title,
    coalesce(c.country, co.country) as country,
    coalesce(c.region, c.city, co.region, co.city) as region,
    co.name as company_name, co.domain as company_domain, co.industry, co.description, co.employee_count,
    co.founded_year, co.raised_on, co.raised_usd
from leads l
join contacts c on c.workspace_id = l.workspace_id and c.id = l.contact_id
left join companies co on co.workspace_id = l.workspace_id and co.id = l.company_id;

-- The first touch of every lead that was ever enrolled. What a dry run captured reached nobody, and what is
-- uncertain may have reached nobody; both are kept, because the mart says why they are no examples.
create view stg_enrollments with (security_invoker = true) as
select n.workspace_id, n.lead_id, n.contact_id, min(n.created_at) as enrolled_at,
    min(e.occurred_at) filter (where e.kind = 'sent') as sent_at,
    min(e.occurred_at) filter (where e.kind = 'uncertain') as uncertain_at,
    min(e.occurred_at) filter (where e.kind = 'captured') as captured_at,
    min(e.occurred_at) filter (where e.kind in ('failed', 'bounced')) as failed_at
from enrollments n
left join events e on e.workspace_id = n.workspace_id and e.enrollment_id = n.id
    and e.kind in ('sent', 'uncertain', 'captured', 'failed', 'bounced')
group by n.workspace_id, n.lead_id, n.contact_id;

-- Everything that came back from a contact, in the words of the labels: accepted, replied, refused, auto_reply,
-- bounced. The intent of a reply is what a person or the rules say of it by now; a reply without one is a reply.
create view stg_answers with (security_invoker = true) as
select e.workspace_id, coalesce(e.contact_id, n.contact_id) as contact_id, e.occurred_at as answered_at,
    case
        when e.kind in ('accepted', 'connected') then 'accepted'
        when e.kind in ('unsubscribed', 'complained', 'refused', 'declined') then 'refused'
        when e.kind = 'bounced' then 'bounced'
        when e.kind = 'auto_replied' then 'auto_reply'
        when coalesce(r.intent, e.data ->> 'intent') in ('negative', 'refusal', 'wrong_person') then 'refused'
        when coalesce(r.intent, e.data ->> 'intent') = 'out_of_office' then 'auto_reply'
        else 'replied'
    end as answer
from events e
left join enrollments n on n.workspace_id = e.workspace_id and n.id = e.enrollment_id
left join received_mail r on e.kind = 'replied' and r.workspace_id = e.workspace_id
    and r.id = (e.data ->> 'received_id')::bigint
where e.kind in ('replied', 'auto_replied', 'accepted', 'connected', 'unsubscribed', 'complained', 'refused',
    'declined', 'bounced')
union all
select n.workspace_id, n.contact_id, n.finished_at, 'replied'
from enrollments n
where n.finish_reason = 'replied' and not exists (
    select from events e
    where e.workspace_id = n.workspace_id and e.enrollment_id = n.id and e.kind = 'replied')
union all
select s.workspace_id, c.id, s.created_at, 'refused'
from suppressions s
join contacts c on c.workspace_id = s.workspace_id and c.email_key = s.value
where s.kind = 'address' and s.reason in ('unsubscribe', 'complaint', 'refused');

-- ---- the mart ----

-- One row for each lead that was ever touched: when, what came of it, and whether that is a yes, a no, or says
-- nothing (null). Silence is a no only after the patience, because before it most of those who answer have not
-- answered yet. known_at is when the answer became certain: rows known after a model was learned are new to it.
create function mart_examples(workspace bigint, as_of timestamptz, patience interval)
returns table (
    lead_id bigint, contacted_at timestamptz, answer text, answered_at timestamptz, is_yes boolean,
    known_at timestamptz)
language sql stable
-- All rows of a workspace are read at once; where the planner knows too little of it, loops would take hours.
set enable_nestloop = off
as $$
    with touched as materialized (
        select n.lead_id, n.contact_id, coalesce(n.sent_at, n.uncertain_at, n.captured_at, n.failed_at) as at,
            case
                when n.sent_at is not null then 'sent'
                when n.uncertain_at is not null then 'uncertain'
                when n.captured_at is not null then 'captured'
                else 'not_delivered'
            end as touch
        from stg_enrollments n
        where n.workspace_id = workspace
            and coalesce(n.sent_at, n.uncertain_at, n.captured_at, n.failed_at) <= as_of),
    answers as materialized (
        select a.contact_id, a.answer, a.answered_at from stg_answers a
        where a.workspace_id = workspace and a.answered_at <= as_of),
    answered as (
        -- The first word of a human decides. Without one a bounce says that nobody read it.
        select distinct on (t.lead_id) t.lead_id, a.answer, a.answered_at
        from touched t
        join answers a on a.contact_id = t.contact_id and a.answered_at >= t.at
        where t.touch in ('sent', 'uncertain')
        order by t.lead_id,
            case when a.answer in ('accepted', 'replied', 'refused') then 0 when a.answer = 'bounced' then 1 else 2 end,
            a.answered_at),
    decided as (
        select t.lead_id, t.at,
            case
                when t.touch = 'sent' then coalesce(a.answer, 'silence')
                when t.touch = 'uncertain' and a.answer in ('accepted', 'replied', 'refused') then a.answer
                else t.touch
            end as answer, a.answered_at
        from touched t left join answered a on a.lead_id = t.lead_id)
    select d.lead_id, d.at, d.answer, d.answered_at,
        case
            when d.answer in ('accepted', 'replied') then true
            when d.answer = 'refused' then false
            when d.answer in ('silence', 'auto_reply') and d.at + patience <= as_of then false
        end,
        case
            when d.answer in ('accepted', 'replied', 'refused') then d.answered_at
            when d.answer in ('silence', 'auto_reply') then d.at + patience
        end
    from decided d
$$;

-- The training set as it was last built: the mart's rows and, where there is a label, the features by which the lead
-- was, or would have been, ranked on the day it was contacted.
create table training_examples (
    workspace_id  bigint not null references workspaces (id) on delete cascade,
    lead_id       bigint not null,
    contacted_at  timestamptz not null,
    answer        text not null check (answer in ('accepted', 'replied', 'refused', 'silence', 'auto_reply', 'bounced',
        'captured', 'uncertain', 'not_delivered')),
    answered_at   timestamptz,
    is_yes        boolean,
    known_at      timestamptz,
    feature_list  text,
    features      real[],
    built_at      timestamptz not null,
    primary key (workspace_id, lead_id),
    foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade,
    constraint features_with_their_list check ((features is null) = (feature_list is null))
);
create index training_examples_in_time on training_examples (workspace_id, contacted_at) where is_yes is not null;
call protect_workspace('training_examples');

-- ---- models ----

-- A learned model, how it did on answers it had not seen, and why it serves or does not.
-- docs/states/ranking-model.md draws the states.
create table ranking_models (
    workspace_id    bigint not null references workspaces (id) on delete cascade,
    id              bigint generated always as identity,
    state           text not null check (state in ('candidate', 'promoted', 'pinned', 'retired')),
    -- The model itself, readable; let go when it has been retired for long.
    document        text,
    feature_list    text not null,
    feature_count   integer not null,
    row_count       integer not null,
    positive_count  integer not null,
    patience_days   double precision not null,
    auc             double precision not null,
    auc_low         double precision not null,
    auc_high        double precision not null,
    log_loss        double precision not null,
    -- Calibration, gains, lift and the strongest features, as the ranking page shows them.
    metrics         jsonb not null,
    -- What it was held against, on how many answers, and both losses.
    comparison      jsonb not null,
    decision        text not null,
    trained_at      timestamptz not null,
    trained_by      text not null,
    promoted_at     timestamptz,
    retired_at      timestamptz,
    primary key (workspace_id, id),
    constraint what_serves_has_a_document check (document is not null or state not in ('promoted', 'pinned')),
    constraint what_serves_was_promoted check (promoted_at is not null or state not in ('promoted', 'pinned'))
);
create unique index ranking_models_one_serves on ranking_models (workspace_id) where state in ('promoted', 'pinned');
call protect_workspace('ranking_models');
