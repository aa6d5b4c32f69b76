import type { Logger } from 'pino';
import type { Config } from '../config/config';
import { type Catalogue, CatalogueError, loadCatalogue } from '../delivery/mail/catalogue';
import { StartError } from './run-root';

/**
 * The words of mails, with the languages of BATON_LOCALES_DIR.
 *
 * @throws StartError when a file of that folder cannot be used
 */
export function catalogueOf({ mail }: Config, log: Logger): Catalogue {
  try {
    return loadCatalogue({ directory: mail.localesDir, log: (fields, message) => log.warn(fields, message) });
  } catch (error) {
    if (error instanceof CatalogueError) throw new StartError(`BATON_LOCALES_DIR: ${error.message}`);
    throw error;
  }
}
