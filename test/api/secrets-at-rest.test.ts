import { type Scene, startScene } from './scene';
import { startWebhookServer } from '../support/webhook-server';
import { until } from '../realtime/support';

const SECRET = 'sk-live-4f1c9be2a7';
const ANYWHERE = `
  select quote_ident(table_schema) || '.' || quote_ident(table_name) as "table", column_name as column from information_schema.columns c join information_schema.tables t
    using (table_schema, table_name)
  where t.table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;

let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.api.stop());

/** "schema.table.column" of everything in the database that shows a text, whatever its type. */
async function columnsWith(text: string): Promise<string[]> {
  const { source } = scene.api;
  const columns = await source.query<{ table: string; column: string }[]>(ANYWHERE);
  const found: string[] = [];
  for (const { table, column } of columns) {
    const sql = `select 1 from ${table} where position($1 in "${column}"::text) > 0 or
      position($2 in "${column}"::text) > 0 or position($3 in "${column}"::text) > 0 limit 1`;
    const bytes = Buffer.from(text);
    const rows = await source.query<unknown[]>(sql, [text, bytes.toString('hex'), bytes.toString('base64')]);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}

describe('the secret of a responder, set over the API', () => {
  it('is in no answer and in no column of the database, and the webhook is signed with it', async () => {
    const { manager } = scene.people;
    const webhook = await startWebhookServer({ secret: SECRET });
    try {
      webhook.byDefault({ status: 200, body: { reply: 'Hello.' } });
      const input = { agentId: scene.ids.agent, kind: 'WEBHOOK', url: webhook.url, secret: SECRET };
      const answer = await manager.post(
        `mutation($input: SetAgentResponderInput!) { setAgentResponder(input: $input) {
          agent { responder { kind url model instructions } } userErrors { code message path } } }`,
        { input },
      );
      expect(answer).toMatchObject({ data: { setAgentResponder: { userErrors: [] } } });
      expect(JSON.stringify(answer)).not.toContain(SECRET);

      const { visitor, conversationId } = await scene.visit();
      await visitor.act('sendMessage', { conversationId, clientNonce: 'a', text: 'Hello?' });
      await until('the call', () => webhook.deliveries.length > 0);
      expect(webhook.deliveries[0]!.signatureIsValid).toBe(true);

      // The search finds what is there: the address, in the row that was just written.
      expect(await columnsWith(webhook.url)).toContain('public.agents.responder_url');
      expect(await columnsWith(SECRET)).toEqual([]);
    } finally {
      await webhook.close();
    }
  });
});

describe('the identity secret of an agent', () => {
  it('is in the answer that shows it once, and in no column of the database, nor is the former one', async () => {
    const { manager } = scene.people;
    const [first, second] = [
      await manager.act('rotateIdentitySecret', { agentId: scene.ids.agent }),
      await manager.act('rotateIdentitySecret', { agentId: scene.ids.agent }),
    ];
    for (const { secret } of [first, second]) {
      expect(secret).toMatch(/^bat_s_[\w-]{43}$/);
      expect(await columnsWith(secret!)).toEqual([]);
    }
    const shown = 'query($id: ID!) { agent(id: $id) { identitySecretCreatedAt formerIdentitySecretExpiresAt } }';
    const told = JSON.stringify(await manager.ask(shown, { id: scene.ids.agent }));
    for (const { secret } of [first, second]) expect(told).not.toContain(secret);
    expect(told).not.toContain('null');
  });
});

describe('the private key for web push', () => {
  it('is stored sealed', async () => {
    const { source } = scene.api;
    const rows = await source.query<{ value: string }[]>("select value from server_secrets where name = 'vapid'");
    expect(rows).toEqual([{ value: expect.stringMatching(/^sealed:v1:/) as string }]);
    expect(await columnsWith('privateKey')).toEqual([]);
  });
});
