import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { seedDemo } from '../../src/process/demo';
import { startTestApi, type TestApi } from '../support/api';

interface Ended {
  readonly code: number | null;
  readonly told: string;
  readonly complaint: string;
}

/** `npm run tour`, without npm. */
async function runTour(dataDirectory: string): Promise<Ended> {
  const child = spawn(process.execPath, [join(__dirname, '../../scripts/run.mjs'), 'tour'], {
    env: { PATH: process.env.PATH, BATON_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [told, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, told, complaint };
}

describe('the tour without a demo', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'baton-tour-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('says in one line how to start it when there is no demo.json', async () => {
    const { code, told, complaint } = await runTour(directory);
    expect(complaint).toMatch(/^The tour stopped: there is no demo .*demo\.json.*`npm start`.*\n$/);
    expect(told).toBe('');
    expect(code).toBe(1);
  });

  it('says in one line that the file is not its own when demo.json holds something else', async () => {
    writeFileSync(join(directory, 'demo.json'), '{"graphqlUrl": 7');
    const { code, complaint } = await runTour(directory);
    expect(complaint).toMatch(/^The tour stopped: .*demo\.json is not what `npm start` writes.*\n$/);
    expect(code).toBe(1);
  });

  it('says in one line how to start it when nobody answers', async () => {
    const person = { email: 'a@demo.example', password: 'a', userId: 'usr_a' };
    const demo = {
      // Nothing can listen on port 1 without being root and meaning it.
      graphqlUrl: 'http://127.0.0.1:1/graphql',
      workspaceId: 'wsp_a',
      organizationId: 'org_a',
      agentId: 'agt_a',
      agentPublicKey: 'pk_a',
      owner: person,
      operators: [person, person],
      settingsMember: person,
    };
    writeFileSync(join(directory, 'demo.json'), JSON.stringify(demo));
    const { code, told, complaint } = await runTour(directory);
    expect(complaint).toMatch(
      /^The tour stopped: nobody answers at http:\/\/127\.0\.0\.1:1\/graphql\. .*`npm start`.*\n$/,
    );
    expect(told).toBe('');
    expect(code).toBe(1);
  });
});

describe('the tour of a demo', () => {
  let api: TestApi;
  afterEach(() => api.stop());

  it('fails, and says what is missing, when no worker lets the AI answer', async () => {
    api = await startTestApi({ withWorker: false });
    await seedDemo(api.core.database.source, api.dataDirectory, api.url);
    const { code, complaint } = await runTour(api.dataDirectory);
    expect(complaint).toMatch(/^The tour stopped: a message of AI is next, but nothing came within \d+ s\n$/);
    expect(code).toBe(1);
  });

  it('sees every promise kept, and again on the same demo', async () => {
    // With the limits as they are by default.
    api = await startTestApi({ env: { BATON_LIMITS: '' } });
    await seedDemo(api.core.database.source, api.dataDirectory, api.url);
    for (const _round of ['first', 'second']) {
      const { code, told, complaint } = await runTour(api.dataDirectory);
      expect(complaint).toBe('');
      expect(code).toBe(0);
      expect(told).toMatch(/rings for Ada Operator[^]*rings for Ben Operator/);
      expect(told.match(/SENT, written to/g)).toHaveLength(2);
      expect(told).toMatch(/(Ada|Ben) Operator {2}is refused: ALREADY_CLAIMED, by (?!\1)(Ada|Ben) Operator/);
      expect(told).toMatch(/refused with STALE_CONTROL_EPOCH/);
      expect(told).toMatch(/✓ Messages of the AI while a person had the conversation +0\n/);
      expect(told).toMatch(/✓ Sequence of the messages, without a hole +1…12\n/);
      expect(told).toMatch(/✓ The stream resumed from its first cursor +\d+ events again\n/);
      // A pipe gets no colours.
      expect(told).not.toContain('\u001b');
    }
  });
});
