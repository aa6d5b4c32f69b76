import { type Scene, startScene } from './scene';
import { columnsWith as search } from '../support/search-database';
import { startWebhookServer } from '../support/webhook-server';
import { until } from '../realtime/support';

const SECRET = 'sk-live-4f1c9be2a7';
let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.api.stop());

const columnsWith = (text: string): Promise<string[]> => search(scene.api.source, text);

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
