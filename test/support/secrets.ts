import { createSecretBox } from '../../src/identity/secret-box';

/** As BATON_SECRET_KEY has it. */
export const TEST_SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

/** What a server with that key seals with. */
export const testSecrets = createSecretBox([Buffer.from(TEST_SECRET_KEY, 'base64')]);
