import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { Config } from '../config/config';
import { traceFields } from '../tracing/spans';

/** Structured lines on stdout unless told elsewhere, each with the id of its trace. Credentials never reach a line: what could carry one is redacted by path. */
export function createLogger(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: config.logLevel,
    base: undefined,
    mixin: traceFields,
    redact: { paths: ['*.authorization', '*.password', '*.secret', 'authorization'], censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
