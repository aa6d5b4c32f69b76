'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  // One PostgreSQL (and Redis, where installed) for all files; each file clones the template database that is made there.
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Packages are shared by the test files of a worker, our modules never: docs/adr/0044.
  runtime: '<rootDir>/test/support/shared-packages-runtime.cjs',
  testEnvironment: '<rootDir>/test/support/shared-realm-environment.cjs',
  testSequencer: '<rootDir>/test/support/slow-first-sequencer.cjs',
  setupFiles: ['reflect-metadata'],
  testTimeout: 60_000,
  maxWorkers: 4,
};
