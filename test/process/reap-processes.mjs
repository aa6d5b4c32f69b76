// node reap-processes.mjs: on its standard input one line for each process ("pid 123") and folder ("folder /path") of a test file.
// When the input closes, which happens however the test ends, kill -9 included: ends what is still running and deletes the folders.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const pids = new Set();
const folders = [];

for await (const line of createInterface({ input: process.stdin })) {
  const [kind, value] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
  if (kind === 'pid') pids.add(Number(value));
  if (kind === 'gone') pids.delete(Number(value));
  if (kind === 'folder') folders.push(value);
}
for (const pid of pids) kill(pid);
for (const folder of folders) {
  for (const name of list(folder)) {
    // A data directory, or the file that a server of the test wrote by itself.
    kill(readPid(join(folder, name, 'postgres', 'postmaster.pid')));
    if (name.endsWith('.pid')) kill(readPid(join(folder, name)));
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function readPid(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch (error) {
    // An orderly stop has removed it; a folder of something else never had one.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function kill(pid) {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
