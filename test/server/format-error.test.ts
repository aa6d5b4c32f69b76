import { GraphQLError } from 'graphql';
import { BusyError } from '../../src/lanes/lanes';
import { formatError } from '../../src/server/format-error';
import { LogBook } from '../realtime/support';

describe('formatError', () => {
  it('tells a caller for whom there was no room to come again, and logs nothing', () => {
    const log = new LogBook();
    const error = new GraphQLError('any', { path: ['sendMessage'], originalError: new BusyError() });
    expect(formatError(error, null, log)).toEqual({
      message: 'The server is busy. Nothing was done; try again in a second.',
      path: ['sendMessage'],
      extensions: { code: 'RATE_LIMITED', retryAfterMs: 1000 },
    });
    expect(log.lines).toEqual([]);
  });
});
