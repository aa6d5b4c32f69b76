import { serverAudits } from 'graphql-http';
import { startTestApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ withWorker: false });
});
afterAll(() => api.stop());

const REFUSALS_ARE_400 =
  'A refused request is 400 whatever media type is accepted: proxies, metrics and clients that look at the status alone see it. The body has the errors either way.';

/** What the audits would rather have otherwise, each with the reason why it stays. */
const WARNINGS: Readonly<Record<string, string>> = {
  '572B SHOULD use 200 status code on document parsing failure when accepting application/json': REFUSALS_ARE_400,
  'FDE2 SHOULD use 200 status code on document validation failure when accepting application/json': REFUSALS_ARE_400,
  '7B9B SHOULD use a status code of 200 on variable coercion failure when accepting application/json': REFUSALS_ARE_400,
};

/** What a client of ours sends with a GET: without it the request could come from any page (CSRF). */
const fetchAsClient = (url: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  if ((init.method ?? 'GET') === 'GET') headers.set('apollo-require-preflight', 'yes');
  return fetch(url, { ...init, headers });
};

describe("graphql-http's audits of a GraphQL server over HTTP", () => {
  const audits = serverAudits({ url: () => api.url, fetchFn: fetchAsClient });

  it.each(audits)('$id $name', async (audit) => {
    const result = await audit.fn();
    const reason = WARNINGS[`${audit.id} ${audit.name}`];
    expect([result.status, result.status === 'ok' ? '' : result.reason]).toEqual([
      reason === undefined ? 'ok' : 'warn',
      reason === undefined ? '' : expect.any(String),
    ]);
  });

  it('has an audit for each warning that is explained here', () => {
    const names = audits.map(({ id, name }) => `${id} ${name}`);
    expect(names).toEqual(expect.arrayContaining(Object.keys(WARNINGS)));
    expect(names.length).toBeGreaterThan(50);
  });
});
