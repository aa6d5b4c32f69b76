/**
 * What encrypts the secrets that this server has to be able to read again. Everything else that is secret is hashed.
 * `place` names the row and column that the sealed text is for: moved to another one it does not open.
 */
export interface SecretBox {
  /** Everything that `seal` returns begins like this, and nothing that another key has sealed does. */
  readonly prefix: string;
  /** Encrypts with the first key. Twice the same text gives two different results. */
  seal(clear: string, place: string): string;
  /** The clear text; null when it is not sealed, was sealed with a key that is not here, for another place, or was changed. */
  open(stored: string, place: string): string | null;
  /** Whether the text has the form of a sealed one, by whichever key. */
  isSealed(stored: string): boolean;
}

export function responderSecretPlace(agentId: string): string {
  return `agents.responder_secret/${agentId}`;
}

export function identitySecretPlace(agentId: string): string {
  return `agents.identity_secret/${agentId}`;
}

export function formerIdentitySecretPlace(agentId: string): string {
  return `agents.former_identity_secret/${agentId}`;
}

export function mailPasswordPlace(workspaceId: string): string {
  return `mail_settings.password/${workspaceId}`;
}

export function serverSecretPlace(name: string): string {
  return `server_secrets.value/${name}`;
}
