import { removeWorkspaceMailSettings } from '../../../src/commands/mail-settings/remove-workspace-mail-settings';
import { sendTestMail } from '../../../src/commands/mail-settings/send-test-mail';
import { updateWorkspaceMailSettings } from '../../../src/commands/mail-settings/update-workspace-mail-settings';
import { accepted } from '../identity/open-database';
import { as, by, type Prepare, type Scene } from './audited-commands';

const SERVER = {
  ...{
    host: 'smtp.shoes.test',
    port: 587,
    security: 'STARTTLS' as const,
    username: 'shoes',
    password: 'a long password',
  },
  fromAddress: 'team@example.com',
};

async function set(scene: Scene): Promise<void> {
  const input = { workspaceId: scene.world.workspace.id, ...SERVER };
  const anyServer = { checkMailServer: () => Promise.resolve(null), allowsLoopback: false };
  const dependencies = { ...anyServer, sealSecret: (clear: string) => `sealed ${clear}` };
  accepted(await updateWorkspaceMailSettings(scene.database, as(scene, 'owner'), input, dependencies));
}

const entryOf = (scene: Scene) => ({ ...by(scene, 'owner', null), subjectId: scene.world.workspace.id });

/** By command: the mail server of a workspace. */
export const MAIL: Record<string, Prepare> = {
  updateWorkspaceMailSettings: (s) => ({
    act: () => set(s),
    entry: () => ({
      action: 'WORKSPACE_MAIL_SETTINGS_UPDATED',
      ...entryOf(s),
      fields: ['host', 'port', 'security', 'username', 'fromAddress', 'password'],
    }),
  }),
  sendTestMail: async (s) => {
    await set(s);
    const taken = { openSecret: (stored: string) => stored, probeMail: () => Promise.resolve(null) };
    return {
      act: () => sendTestMail(s.database, as(s, 'owner'), { workspaceId: s.world.workspace.id }, taken),
      entry: () => ({ action: 'WORKSPACE_MAIL_SETTINGS_VERIFIED', ...entryOf(s), fields: [] }),
    };
  },
  removeWorkspaceMailSettings: async (s) => {
    await set(s);
    return {
      act: () => removeWorkspaceMailSettings(s.database, as(s, 'owner'), { workspaceId: s.world.workspace.id }),
      entry: () => ({ action: 'WORKSPACE_MAIL_SETTINGS_REMOVED', ...entryOf(s), fields: [] }),
    };
  },
};
