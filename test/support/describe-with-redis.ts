/** A suite that needs a Redis; skipped where the machine has no `redis-server` (`npm test` says so). */
export const describeWithRedis = process.env.BATON_TEST_REDIS_URL === undefined ? describe.skip : describe;
