import { endAllSessions } from '../commands/session/end-all-sessions';
import { listOpenSessions } from '../queries/server-credentials';
import { type AdminCommand, valueOf } from './admin-command';
import { findAccount, nameOf, WHO } from './find-account';
import { table } from './table';

export const LIST_SESSIONS: AdminCommand = {
  name: 'list-sessions',
  summary: 'where a person is signed in, the newest first',
  options: WHO,
  async run(context) {
    const { id } = await findAccount(context);
    const sessions = await listOpenSessions(context.database.source, id);
    const rows = sessions.map(({ createdAt, lastSeenAt, userAgent }) => [
      createdAt.toISOString(),
      lastSeenAt.toISOString(),
      // A browser names itself as it likes: what moves the cursor of a terminal is no name.
      (userAgent ?? '').replace(/\p{Cc}/gu, ' '),
    ]);
    for (const line of table([['SIGNED IN', 'LAST SEEN', 'BROWSER'], ...rows])) context.terminal.print(line);
  },
};

export const END_SESSIONS: AdminCommand = {
  name: 'end-sessions',
  summary: 'signs a person out everywhere; they may sign in again',
  options: WHO,
  async run(context) {
    const account = await findAccount(context);
    const { endedSessions } = valueOf(await endAllSessions(context.database, account));
    context.terminal.print(`${nameOf(account)} is signed out. Sessions ended: ${endedSessions}.`);
  },
};
