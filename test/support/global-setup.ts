import 'reflect-metadata';

import { startTestServers, type TestServers } from './test-server';

declare global {
  var batonTestServers: TestServers | undefined;
}

/** Runs once, before any test file; the addresses reach the test files by these variables. */
async function globalSetup(): Promise<void> {
  const servers = await startTestServers();
  globalThis.batonTestServers = servers;
  process.env.BATON_TEST_SUPERUSER_URL = servers.superuserUrl;
  process.env.BATON_TEST_APPLICATION_URL = servers.applicationUrl;
  if (servers.redisUrl !== undefined) process.env.BATON_TEST_REDIS_URL = servers.redisUrl;
}

// The form in which jest takes it; nothing else imports this file.
export = globalSetup;
