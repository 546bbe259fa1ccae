// Reads the listed messages once for each line on standard input and prints the seconds it took.
import fs from 'node:fs';
import readline from 'node:readline';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';

const [name, list] = process.argv.slice(2);
const messages = fs.readFileSync(list, 'utf8').trim().split('\n').map(file => fs.readFileSync(file));
const options = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
const read = name === 'mailparser'
  ? message => simpleParser(message, options)
  : message => PostalMime.parse(message);

for await (const _ of readline.createInterface({ input: process.stdin })) {
  const started = process.hrtime.bigint();
  for (const message of messages) {
    try { await read(message); } catch { /* a reader that gives up is not slower for it */ }
  }
  console.log(Number(process.hrtime.bigint() - started) / 1e9);
}
