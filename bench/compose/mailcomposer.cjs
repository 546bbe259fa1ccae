// node mailcomposer.cjs <compose|sign> <seconds> <text> <html>: prints "operations cpu-seconds"
const { readFileSync } = require('node:fs');
const { generateKeyPairSync } = require('node:crypto');
const load = require('node:module').createRequire(process.env.NODE_PREFIX + '/');
const MailComposer = load('nodemailer/lib/mail-composer');
const DKIM = load('nodemailer/lib/dkim');

const [mode, seconds, textFile, htmlFile] = process.argv.slice(2);
const text = readFileSync(textFile, 'utf8');
const html = readFileSync(htmlFile, 'utf8');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const signer = new DKIM({ domainName: 'example.com', keySelector: 's1', privateKey });
let number = 0;

function compose() {
  return new Promise((resolve, reject) => {
    const node = new MailComposer({
      from: 'Ann Lee <ann@example.com>', to: 'Bob Ray <bob@example.org>',
      subject: 'A question about your fleet', text, html,
      messageId: `<${number++}.abc@example.com>`, date: new Date(1772600767000),
      list: { unsubscribe: { url: 'https://example.com/u/abcdefgh' } },
      headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    }).compile();
    if (mode === 'compose') return node.build((error, message) => error ? reject(error) : resolve(message));
    const stream = signer.sign(node.createReadStream());
    stream.on('data', () => {}).on('end', resolve).on('error', reject);
  });
}

async function repeat(length) {
  const cpu = process.cpuUsage();
  const end = Date.now() + length * 1000;
  let done = 0;
  while (Date.now() < end) { await compose(); done++; }
  const used = process.cpuUsage(cpu);
  return [done, (used.user + used.system) / 1e6];
}

(async () => {
  await repeat(Number(seconds));
  const [done, cpu] = await repeat(Number(seconds));
  console.log(done, cpu.toFixed(4));
})();
