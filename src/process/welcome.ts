import { relative } from 'node:path';
import type { Config } from '../config/config';
import type { Demo } from './demo-file';

/** What `npm start` prints once everything is ready: where things are, who can sign in, what to do next. */
export function welcome(facts: {
  url: string;
  explorerPath: string | null;
  demo: Demo | null;
  config: Config;
}): string {
  const { url, explorerPath, demo, config } = facts;
  const folder = shortest(config.dataDir);
  return [
    '',
    `  Baton is ready at ${url}/graphql`,
    ...(explorerPath === null ? [] : [`  Explore the API: ${url}${explorerPath}`]),
    ...(demo === null ? [] : people(demo, folder)),
    ...(config.mail.smtpUrl === null ? [`  Mail is written to ${folder}/mail (set SMTP_URL to send it)`] : []),
    ...(demo === null ? [] : ['', '  See the whole story: npm run tour   (in a second terminal)']),
    '  Stop with Ctrl-C.',
    '',
    '',
  ].join('\n');
}

/** Relative while it lies below the working directory: `../../..` tells a person nothing. */
function shortest(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') ? folder : path;
}

function people(demo: Demo, folder: string): string[] {
  const named = [
    ['owner', demo.owner],
    ...demo.operators.map((operator) => ['operator', operator] as const),
    ['settings', demo.settingsMember],
  ] as const;
  return [
    '',
    `  Who can sign in (also in ${folder}/demo.json):`,
    ...named.map(([role, { email, password }]) => `    ${role.padEnd(9)} ${email.padEnd(22)} ${password}`),
    `  The widget's public key: ${demo.agentPublicKey}`,
  ];
}
