// node reap-servers.mjs <folder> <pid file>…: waits until its standard input closes, which happens when the test run ends in any
// way, kill -9 included; then ends the servers of these pid files, if they still run, and deletes the folder.
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [folder, ...pidFiles] = process.argv.slice(2);

process.stdin.resume();
await once(process.stdin, 'close');

const pids = pidFiles.flatMap(readPid);
pids.forEach((pid) => signal(pid, 'SIGINT'));
for (let check = 0; check < 500 && pids.some((pid) => signal(pid, 0)); check += 1) await delay(20);
rmSync(folder, { recursive: true, force: true });

function readPid(file) {
  try {
    return [Number.parseInt(readFileSync(file, 'utf8'), 10)];
  } catch (error) {
    // An orderly stop has removed it.
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
