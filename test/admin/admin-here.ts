import { readConfig } from '../../src/config/read-config';
import { callAdmin } from '../../src/process/call-admin';
import type { Ended, Typed } from '../process/baton-process';

/** What a process of `npm run admin` would do, in this one: it costs a tenth. */
export async function adminHere(env: NodeJS.ProcessEnv, { args = [], input = '' }: Typed): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await callAdmin(readConfig(env), args, {
    print: (line) => void (stdout += `${line}\n`),
    complain: (line) => void (stderr += `${line}\n`),
    readInput: () => Promise.resolve(input),
  });
  return { code, signal: null, stdout, stderr: stderr.trim() };
}

/** The one that a command has made and printed. */
export function passwordIn({ stdout }: Ended): string {
  const [, password = ''] = /^Password \(shown this once\): (\S{24})$/m.exec(stdout) ?? [];
  return password;
}
