import type { GraphQLResolveInfo } from 'graphql';
import type { LimitReached } from '../../src/limits/rate-limits';
import type { LimitsAsked, RequestContext } from '../../src/resolvers/request-context';
import { limited } from '../../src/server/limit-field';

/** A field that tells its name, in operations whose limits answer with `reached`. */
function startField(reached: LimitReached | null) {
  const ask = jest.fn(() => Promise.resolve(reached));
  const resolve = limited({ name: 'viewer', isSubscription: false }, () => 'resolved');
  const call = (name: string, limitsAsked: LimitsAsked | null): Promise<unknown> => {
    const context = { app: { limits: { reached: ask } }, principal: null, request: {}, limitsAsked };
    return resolve(
      null,
      {},
      context as unknown as RequestContext,
      { path: { key: name } } as GraphQLResolveInfo,
    ) as Promise<unknown>;
  };
  return { ask, call };
}

describe('a limited field', () => {
  it('counts each time that it is named', async () => {
    const { ask, call } = startField(null);
    const asked: LimitsAsked = new Map();
    expect([await call('one', asked), await call('two', asked)]).toEqual(['resolved', 'resolved']);
    expect(ask).toHaveBeenCalledTimes(2);
    await call('one', null);
    await call('one', null);
    expect(ask).toHaveBeenCalledTimes(4);
  });

  it('counts once when its operation is executed again', async () => {
    const { ask, call } = startField(null);
    const asked: LimitsAsked = new Map();
    await call('one', asked);
    expect(await call('one', asked)).toBe('resolved');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('refuses again what was refused', async () => {
    const { ask, call } = startField({ retryAfterMs: 1500 } as LimitReached);
    const asked: LimitsAsked = new Map();
    for (let time = 0; time < 2; time += 1) await expect(call('one', asked)).rejects.toThrow('Try again in 2 seconds.');
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
