import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDataSource } from '../../src/database/data-source';
import { encodePublicId } from '../../src/domain/public-id';
import { Caller } from '../support/api-client';
import { CONVERSATION_EVENTS } from '../support/documents';
import { TEST_SECRET_KEY } from '../support/secrets';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createWorld } from '../support/world';
import { addressOf, ProcessGarden } from './baton-process';

const watch = pathToFileURL(join(__dirname, 'watch-process.mjs')).href;

const { module: compiled } = JSON.parse(readFileSync(join(__dirname, '..', '..', '.swcrc'), 'utf8')) as {
  module: { lazy: string[] };
};

let garden: ProcessGarden;
let database: TestDatabase;
beforeAll(async () => {
  garden = new ProcessGarden();
  database = await createTestDatabase();
});
afterAll(async () => {
  await garden.clear();
  await database.drop();
});

/** Jest has hooks of its own, so that a process of ours alone can tell. */
it('an API that answers over HTTP and socket, and fails at a request, has switched on no promise hooks and loaded no package that it did not need', async () => {
  const source = createDataSource({ url: database.url, poolSize: 2, applicationName: 'baton-test' });
  await source.initialize();
  const world = await createWorld(source);
  const baton = garden.run('api', {
    DATABASE_URL: database.applicationUrl,
    BATON_SECRET_KEY: TEST_SECRET_KEY,
    NODE_OPTIONS: `--import ${watch}`,
  });
  const visitor = new Caller(`${await addressOf(baton)}/graphql`, world.visitor.token);
  const conversationId = encodePublicId('conversation', world.conversation.id);
  const following = visitor.subscribe(CONVERSATION_EVENTS, { id: conversationId });
  await following.waitFor(() => true);
  await visitor.act('sendMessage', { conversationId, clientNonce: 'a', text: 'Hello?' });
  await source.query('alter table messages rename to messages_away');
  const { errors } = await visitor.post(
    'query ($id: ID!) { node(id: $id) { ... on Conversation { messages(first: 1) { nodes { id } } } } }',
    { id: conversationId },
  );
  expect(errors).toHaveLength(1);
  await following.stop();
  await source.destroy();
  const { stderr } = await baton.end('SIGTERM');
  expect(stderr).toContain('promise hooks: off, looked');
  const loaded = /^packages: (.*)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
  expect(loaded).toContain('typeorm');
  expect(loaded.filter((name) => compiled.lazy.includes(name))).toEqual([]);
});
