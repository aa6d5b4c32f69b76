import 'reflect-metadata';
import { text } from 'node:stream/consumers';
import { loadConfig } from './config/load-config';
import { callAdmin } from './process/call-admin';

/** `npm run admin -- <command>` */
void callAdmin(loadConfig(), process.argv.slice(2), {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
}).then((code) => {
  process.exitCode = code;
});
