/** Where queues can live: null is PostgreSQL. A Redis database of its own keeps test files out of each other's queues. */
export function queueBackEnds(redisDatabase: number): { name: string; redisUrl: string | null }[] {
  const redis = process.env.BATON_TEST_REDIS_URL;
  const postgres = { name: 'PostgreSQL', redisUrl: null };
  return redis === undefined ? [postgres] : [postgres, { name: 'Redis', redisUrl: `${redis}/${redisDatabase}` }];
}
