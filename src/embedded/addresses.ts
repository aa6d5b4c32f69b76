import { createHmac } from 'node:crypto';

/** Of the database, and of the role that owns it. */
export const NAME = 'baton';
const APPLICATION = 'baton_app';

export function ownerUrl(port: number, password: string): string {
  return urlOf(NAME, password, port);
}

/** The password of the role that Baton runs as is made of the owner's: one file in the data directory is enough. */
export function applicationUrl(port: number, password: string): string {
  return urlOf(APPLICATION, createHmac('sha256', password).update(APPLICATION).digest('hex'), port);
}

function urlOf(role: string, password: string, port: number): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${NAME}`;
}
