// The same job as usually written in Node: claim a batch, render with handlebars, send with nodemailer, update.
// node nodemailer.mjs <host> <port> <user> <password> <database> <sink port> <sessions> <messages> <signed|unsigned>
// prints "messages seconds cpu-seconds"
import { generateKeyPairSync } from 'node:crypto';
import net from 'node:net';
import { createRequire } from 'node:module';

// nodemailer leaves Nagle's algorithm on and then waits 40 ms a message; without that it is the peer to beat.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...options) {
  return connect.apply(this, options).setNoDelay(true);
};

const [host, port, user, password, database, sink, sessions, count, signed] = process.argv.slice(2);
const require = createRequire(process.env.NODE_PREFIX + '/');
const [pg, nodemailer, handlebars] = ['pg', 'nodemailer', 'handlebars'].map((name) => require(name));
const db = new pg.Pool({ host, port: Number(port), user, password, database, max: 20 });
const pool = nodemailer.createTransport({
  pool: true, host: '127.0.0.1', port: Number(sink), secure: false, ignoreTLS: true,
  maxConnections: Number(sessions), maxMessages: Infinity,
  ...(signed === 'signed' && {
    dkim: {
      domainName: 'sender.example', keySelector: 'bench',
      privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        .export({ type: 'pkcs8', format: 'pem' }),
    },
  }),
});
const text = `Hi {{first_name}},

many {{industry}} companies tell us that {{pain_point}} takes more of the
week than it should. As {{title}} at {{company}} you may see it first.

We have put together a short example for teams in {{city}}: how a company like
{{company}} moved {{pain_point}} off the desk of its {{title}} in two weeks,
what it cost, and what they would do differently today. {{first_name}} would find the figures
for {{industry}} on the second page.

Would fifteen minutes next week be of use to {{company}}? A yes or a no is equally welcome,
{{first_name}}.

{{sender_name}}`;
const body = handlebars.compile(text, { noEscape: true });
const subject = handlebars.compile('For {{company}}', { noEscape: true });

await db.query('drop table if exists peer_steps');
await db.query(`create table peer_steps (id bigint primary key, state text not null, email text not null,
  fields jsonb not null, message_id text, response text, sent_at timestamptz)`);
await db.query(`insert into peer_steps select n, 'due', 'ann@client' || n || '.example',
  jsonb_build_object('first_name', 'Ann', 'company', 'Client ' || n, 'title', 'Head of Operations',
    'city', 'Vienna', 'industry', 'growing', 'pain_point', 'manual work', 'sender_name', 'Ada Lorenz')
  from generate_series(1, $1::int) n`, [count]);
await db.query('create index on peer_steps (id) where state = \'due\'');
await db.query('analyze peer_steps');

async function claim() {
  const { rows } = await db.query(`update peer_steps set state = 'claimed' where id in (
    select id from peer_steps where state = 'due' order by id limit 100 for update skip locked)
    returning id, email, fields`);
  return rows;
}

async function send(row) {
  const info = await pool.sendMail({
    from: 'Ada Lorenz <me0@sender.example>', to: row.email, subject: subject(row.fields), text: body(row.fields),
    list: { unsubscribe: { url: `https://overture.example/u/${row.id}` } },
  });
  await db.query(`update peer_steps set state = 'sent', message_id = $2, response = $3, sent_at = now()
    where id = $1`, [row.id, info.messageId, info.response]);
}

const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
let waiting = await claim();
let claiming = null;
await Promise.all(Array.from({ length: Number(sessions) * 2 }, async () => {
  while (true) {
    if (waiting.length === 0) {
      claiming ??= claim().finally(() => { claiming = null; });
      const more = await claiming;
      if (more.length === 0) return;
      if (waiting.length === 0) waiting = more.splice(0);
    }
    const row = waiting.pop();
    if (row) await send(row);
  }
}));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(cpu);
const { rows } = await db.query('select count(*)::int as sent from peer_steps where state = \'sent\'');
if (rows[0].sent !== Number(count)) throw new Error(`${rows[0].sent} of ${count} were sent`);
console.log(count, seconds.toFixed(4), ((used.user + used.system) / 1e6).toFixed(4));
await db.query('drop table peer_steps');
pool.close();
await db.end();
