// node nodemailer.mjs <raw|composed> <port> <sessions> <messages> <message file>
// prints "messages seconds cpu-seconds"
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { createRequire } from 'node:module';

// nodemailer leaves Nagle's algorithm on and then waits 40 ms a message; without that it is the peer to beat.
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...options) {
  return connect.apply(this, options).setNoDelay(true);
};

const [mode, port, sessions, count, file] = process.argv.slice(2);
const nodemailer = createRequire(process.env.NODE_PREFIX + '/')('nodemailer');
const raw = readFileSync(file);
const text = raw.toString().split('\r\n\r\n').slice(1).join('\r\n\r\n');
const pool = nodemailer.createTransport({
  pool: true, host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true,
  maxConnections: Number(sessions), maxMessages: Infinity,
});
const envelope = { from: 'me@example.com', to: ['you@example.com'] };
const mail = () => mode === 'raw' ? { envelope, raw }
  : { from: 'me@example.com', to: 'you@example.com', subject: 'A question about your fleet', text };

async function run(messages) {
  let left = messages;
  await Promise.all(Array.from({ length: Number(sessions) * 2 }, async () => {
    while (left-- > 0) await pool.sendMail(mail());
  }));
}

await run(500);
const cpu = process.cpuUsage();
const start = process.hrtime.bigint();
await run(Number(count));
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const used = process.cpuUsage(cpu);
console.log(count, seconds.toFixed(4), ((used.user + used.system) / 1e6).toFixed(4));
pool.close();
