import { turnOffMail } from '../commands/notification/turn-off-mail';
import { read } from '../database/scope';
import { renderTurnOffPage } from '../delivery/mail/turn-off-page';
import { resolveBranding } from '../domain/branding';
import type { MailedPerson } from '../domain/turn-off-token';
import { User } from '../entities/user';
import { createTurnOffTokens } from '../identity/turn-off-tokens';
import { TURN_OFF_PATH, type TurnOff, type TurnOffPage } from '../server/turn-off-endpoint';
import { languagesOf, readLetterhead } from '../workers/read-letterhead';
import { catalogueOf } from './catalogue';
import type { Core } from './core';
import { mailSecretOf } from './mail-tokens';
import { serverBrandOf } from './server-brand';

/**
 * Where a person's mails lead to turn them off. Null without PUBLIC_URL: then this server has no address that it could
 * write into a mail, and mails point to the dashboard alone.
 */
export async function turnOffUrlOf({
  config,
  database,
  secrets,
}: Core): Promise<(person: MailedPerson) => string | null> {
  const { publicUrl } = config.server;
  const tokens = createTurnOffTokens(await mailSecretOf(database.source, secrets));
  return (person) => (publicUrl === null ? null : `${publicUrl}${TURN_OFF_PATH}${tokens.of(person)}`);
}

/** What that address answers. */
export async function turnOffOf({ config, database, secrets, log }: Core): Promise<TurnOff> {
  const tokens = createTurnOffTokens(await mailSecretOf(database.source, secrets));
  const catalogue = catalogueOf(config, log);
  const serverBrand = serverBrandOf(config);
  const pageFor = async (person: MailedPerson | null, state: 'ASKED' | 'DONE'): Promise<TurnOffPage> => {
    const reader = person && (await read(database.source, person, (manager) => readReader(manager, person)));
    if (reader != null) {
      const texts = catalogue.textsFor(...languagesOf(reader.user, reader.letterhead));
      return { isKnown: true, html: renderTurnOffPage(state, reader.letterhead.brand, texts) };
    }
    const nobody = { name: serverBrand.displayName ?? '', branding: {} };
    const brand = resolveBranding({ organization: null, workspace: nobody, server: serverBrand });
    return { isKnown: false, html: renderTurnOffPage('UNKNOWN', brand, catalogue.textsFor()) };
  };
  const readReader = async (manager: Parameters<typeof readLetterhead>[0], { userId, workspaceId }: MailedPerson) => {
    const user = await manager.findOneBy(User, { id: userId, workspaceId });
    return user && { user, letterhead: await readLetterhead(manager, user, serverBrand) };
  };
  return {
    ask: (token) => pageFor(tokens.read(token), 'ASKED'),
    turnOff: async (token) => {
      const person = tokens.read(token);
      const isDone = person !== null && (await turnOffMail(database, person));
      return pageFor(isDone ? person : null, 'DONE');
    },
  };
}
