import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';

/** Connections are kept, as a browser keeps them; not as long as a server does, which could close one just as it is used. */
const agent = new Agent({ keepAlive: true, timeout: 2000 });

/** Half of what `fetch` takes for it: with thousands of questions in a suite that is seconds. */
export function postJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  content: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const bytes = Buffer.from(JSON.stringify(content));
  const described = { ...headers, 'content-type': 'application/json', 'content-length': bytes.length };
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers: described }, (response) => {
      json(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
    })
      .once('error', reject)
      .end(bytes);
  });
}
