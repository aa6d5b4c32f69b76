import { serverAudits } from 'graphql-http';
import { startTestApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ withWorker: false });
});
afterAll(() => api.stop());

/** What the audits ask for and we do otherwise, each with the reason. */
const DIFFERENT: Readonly<Record<string, string>> = {};

/** What a client of our own sends with a GET: without it the request could come from any page (CSRF). */
const fetchAsClient = (url: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set('apollo-require-preflight', 'yes');
  return fetch(url, { ...init, headers });
};

describe("graphql-http's audits of a GraphQL server over HTTP", () => {
  const audits = serverAudits({ url: () => api.url, fetchFn: fetchAsClient });

  it.each(audits)('$id $name', async (audit) => {
    const result = await audit.fn();
    expect(result.status).not.toBe('error');
    expect({ id: audit.id, status: result.status, reason: result.status === 'ok' ? null : result.reason }).toEqual(
      expect.objectContaining({ id: audit.id, status: 'ok' }),
    );
    expect(DIFFERENT).toEqual({});
  });
});
