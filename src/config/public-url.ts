import type { Config } from './config';

/** Where clients reach this server, without a trailing slash: PUBLIC_URL, else localhost with the port that is listening. */
export function publicUrlOf(config: Config, listeningPort: number): string {
  return config.server.publicUrl ?? `http://localhost:${String(listeningPort)}`;
}
