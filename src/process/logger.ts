import { pino, type Logger } from 'pino';
import type { Config } from '../config/config';
import { traceFields } from '../tracing/spans';

/** Structured lines on stdout, each with the id of its request and trace. Credentials never reach a line: what could carry one is redacted by path. */
export function createLogger(config: Config): Logger {
  return pino({
    level: config.logLevel,
    base: undefined,
    mixin: traceFields,
    redact: { paths: ['*.authorization', '*.password', '*.secret', 'authorization'], censor: '[redacted]' },
  });
}
