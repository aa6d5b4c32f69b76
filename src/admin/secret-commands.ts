import { sealStoredSecrets } from '../database/seal-stored-secrets';
import { type AdminCommand, AdminError } from './admin-command';

export const ROTATE_KEYS: AdminCommand = {
  name: 'rotate-keys',
  summary: 'seals every stored secret with the first key of BATON_SECRET_KEY, which must be set; the others open',
  options: [],
  async run({ database, secrets, terminal }) {
    // A key made of the database's password, or in a file of this machine, may not be the one that the servers use.
    if (secrets === null) {
      throw new AdminError('Set BATON_SECRET_KEY: the new key first, then every key that secrets are sealed with now.');
    }
    const { sealed, unopened } = await sealStoredSecrets(database.source, secrets);
    terminal.print(`Secrets sealed with the first key: ${sealed}.`);
    if (unopened > 0) {
      throw new AdminError(
        `${unopened} could not be opened: BATON_SECRET_KEY lacks the key that they are sealed with. Add it at the end.`,
      );
    }
  },
};
