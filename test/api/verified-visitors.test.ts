import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRaw } from '../realtime/socket-support';
import { CONVERSATION_EVENTS, type EventView, READ_CONVERSATION } from '../support/documents';
import { identityClaims, signIdentity } from '../support/identity-tokens';
import { addScene, ready, type Scene, startScene } from './scene';

let scene: Scene;
let api: Scene['api'];
beforeAll(async () => {
  ({ api } = await startScene({ withWorker: false }));
});
beforeEach(async () => {
  scene = await addScene(api);
});
afterAll(() => api.stop());

const START = `mutation($input: StartVisitorSessionInput!) { startVisitorSession(input: $input) {
  visitorToken resumeToken visitor { id displayName email isVerified } agent { displayName } userErrors { code path } } }`;
interface Started {
  readonly visitorToken: string;
  readonly resumeToken: string | null;
  readonly visitor: { readonly id: string };
}

async function secretOfAgent(): Promise<string> {
  return (await scene.people.manager.act('rotateIdentitySecret', { agentId: scene.ids.agent })).secret!;
}

async function startAs(identityToken: string, url = scene.api.url): Promise<Started> {
  const { publicKey } = scene.world.agent;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: START, variables: { input: { agentPublicKey: publicKey, identityToken } } }),
  });
  const { data } = (await response.json()) as { data: { startVisitorSession: Started } };
  return data.startVisitorSession;
}

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

describe('the identity of a visitor', () => {
  it('signed as the README shows opens the session of that person, on every process, once', async () => {
    const secret = await secretOfAgent();
    const [, example = ''] = /^```js\n([^]*?createHmac[^]*?)^```$/m.exec(readme) ?? [];
    const user = { id: 'user-17', name: 'Ana', email: 'ana@example.com' };
    const keys = { agentPublicKey: scene.world.agent.publicKey, secret };
    const run = `${example}\nprocess.stdout.write(identityToken(${JSON.stringify(user)}, ${JSON.stringify(keys)}));`;
    const token = execFileSync(process.execPath, ['--input-type=module', '--eval', run], { encoding: 'utf8' });

    const second = await scene.api.startSecond();
    try {
      const started = await startAs(token, second.url);
      expect(started).toMatchObject({
        resumeToken: null,
        visitor: { displayName: 'Ana', email: 'ana@example.com', isVerified: true },
        userErrors: [],
      });
      expect(await startAs(token)).toMatchObject({
        visitor: null,
        userErrors: [{ code: 'TOKEN_EXPIRED', path: ['identityToken'] }],
      });
      const viewer = await scene.nobody.as(started.visitorToken).ask('{ viewer { ... on Visitor { id isVerified } } }');
      expect(viewer).toEqual({ viewer: { id: started.visitor.id, isVerified: true } });
    } finally {
      await second.stop();
    }
  });

  it('once required ends every other visit on HTTP and on open sockets, and leaves the verified ones', async () => {
    const { people, ids, world, nobody } = scene;
    const token = signIdentity(await secretOfAgent(), identityClaims(world.agent.publicKey));
    const verified = nobody.as((await startAs(token)).visitorToken);
    const own = (await verified.act('startConversation', { idempotencyKey: 'only' })).conversation!.id;
    const anonymous = await ready(people.visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: ids.conversation }));
    const open = await ready(verified.subscribe<EventView>(CONVERSATION_EVENTS, { id: own }));

    await people.manager.act('updateAgent', { id: ids.agent, identityVerificationRequired: true });
    const { errors } = await people.visitor.post(READ_CONVERSATION, { id: ids.conversation });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await anonymous.waitForError()).toMatchObject({ code: 4401 });
    const again = people.visitor.subscribe(CONVERSATION_EVENTS, { id: ids.conversation });
    expect(await again.waitForError()).toMatchObject({ code: 4401 });

    await verified.act('sendMessage', { conversationId: own, clientNonce: 'a', text: 'Still here' });
    expect((await open.waitFor((item) => item.message?.text === 'Still here')).__typename).toBe('MessageAdded');
    await Promise.all([anonymous.stop(), again.stop(), open.stop()]);
  });
});

describe('the origins of an agent', () => {
  const SHOP = 'https://shop.example.com';

  async function viewerFrom(origin: string | null): Promise<unknown> {
    const response = await fetch(scene.api.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${scene.world.visitor.token}`,
        ...(origin === null ? {} : { origin }),
      },
      body: JSON.stringify({ query: '{ myConversations { nodes { id } } }' }),
    });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? data;
  }

  async function socketFrom(origin: string | undefined): Promise<string> {
    const raw = await openRaw(scene.api.url.replace('http', 'ws'), origin === undefined ? {} : { origin });
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${scene.world.visitor.token}` } });
    const acknowledged = new Promise<string>((resolve) => raw.socket.once('message', () => resolve('acknowledged')));
    const answer = await Promise.race([acknowledged, raw.closed.then(({ code }) => `closed with ${code}`)]);
    raw.socket.close();
    return answer;
  }

  it.each(['https://evil.example.com', 'null', 'https://shop.example.com.evil.example', 'http://shop.example.com'])(
    'keep the token of a visitor from working on a page of %s, over HTTP and the socket',
    async (origin) => {
      const found = { myConversations: { nodes: [{ id: scene.ids.conversation }] } };
      expect(await viewerFrom(origin)).toEqual(found);
      await scene.people.manager.act('updateAgent', { id: scene.ids.agent, allowedOrigins: [SHOP] });
      expect(await viewerFrom(origin)).toBe('UNAUTHENTICATED');
      expect(await socketFrom(origin)).toBe('closed with 4401');
      expect([await viewerFrom(SHOP), await viewerFrom(null)]).toEqual([found, found]);
      expect([await socketFrom(SHOP), await socketFrom(undefined)]).toEqual(['acknowledged', 'acknowledged']);
    },
  );

  it.each(['*', 'https://*', 'https://*.example.com', 'https://shop.example.com/', 'https://SHOP.example.com', 'null'])(
    'cannot be %s: they are exact',
    async (origin) => {
      const input = { id: scene.ids.agent, allowedOrigins: [SHOP, origin] };
      expect(await scene.people.manager.attempt('updateAgent', input)).toMatchObject({
        userErrors: [{ code: 'INVALID', path: ['allowedOrigins', '1'] }],
      });
    },
  );
});

describe('endVisitorSession', () => {
  const resume = (resumeToken: string): Promise<string[]> =>
    scene.nobody.refusals('startVisitorSession', { agentPublicKey: scene.world.agent.publicKey, resumeToken });

  it.each(['operator', 'agentKey'] as const)('is forbidden to the %s', async (who) => {
    expect(await scene.people[who].refusals('endVisitorSession', {})).toEqual(['FORBIDDEN']);
  });

  it('ends this session with its socket, and the resume token; the conversation stays for those who answer', async () => {
    const { people, ids, world, nobody } = scene;
    const { resumeToken } = world.visitor;
    const other = await nobody.act('startVisitorSession', { agentPublicKey: world.agent.publicKey, resumeToken });
    const open = await ready(people.visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: ids.conversation }));
    await people.visitor.act('endVisitorSession', {});
    expect(await open.waitForError()).toMatchObject({ code: 4401 });
    const { errors } = await people.visitor.post(READ_CONVERSATION, { id: ids.conversation });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await resume(resumeToken)).toEqual(['TOKEN_EXPIRED']);
    expect(await people.operator.ask(READ_CONVERSATION, { id: ids.conversation })).toMatchObject({
      conversation: { id: ids.conversation },
    });
    const otherTab = nobody.as(other.visitorToken!);
    await otherTab.ask(READ_CONVERSATION, { id: ids.conversation });
    await otherTab.act('endVisitorSession', { allSessions: true });
    expect(await otherTab.ask('{ viewer { __typename } }')).toEqual({ viewer: null });
    expect(await people.otherVisitor.ask('{ viewer { __typename } }')).toEqual({ viewer: { __typename: 'Visitor' } });
  });
});
