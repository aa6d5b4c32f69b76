import { pino, type Logger } from 'pino';
import type { Config } from '../config/config';

/** Structured lines on stdout. Credentials never reach a line: what could carry one is redacted by path. */
export function createLogger(config: Config): Logger {
  return pino({
    level: config.logLevel,
    base: undefined,
    redact: { paths: ['*.authorization', '*.password', '*.secret', 'authorization'], censor: '[redacted]' },
  });
}
