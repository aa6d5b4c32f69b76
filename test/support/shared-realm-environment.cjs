'use strict';

const { ModuleMocker } = require('jest-mock');
const { ModernFakeTimers } = require('@jest/fake-timers');

/**
 * A test file in the worker's own realm instead of a `vm` context, so that it can share the packages which the worker has
 * loaded (see shared-packages-runtime.cjs). Puts back afterwards what a test file can change for the next one: globals, the
 * environment, listeners of the process. `@jest-environment node` on top of a file gives it jest's own sandbox.
 */
class SharedRealmEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.before = remember();
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  /** The worker's own, which has no context object. */
  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    putBack(this.before);
  }
}

function remember() {
  const { exit, getBuiltinModule } = process;
  const listeners = new Map(process.eventNames().map((event) => [event, process.rawListeners(event)]));
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  return { globals, env: { ...process.env }, listeners, process: { exit, getBuiltinModule } };
}

function putBack({ globals, env, listeners, process: functions }) {
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!Object.hasOwn(globals, key)) Reflect.deleteProperty(globalThis, key);
  }
  for (const key of Reflect.ownKeys(globals)) Reflect.defineProperty(globalThis, key, globals[key]);
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(env, name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  Object.assign(process, functions);
  for (const event of process.eventNames()) {
    const known = listeners.get(event) ?? [];
    for (const listener of process.rawListeners(event)) {
      if (!known.includes(listener)) process.removeListener(event, listener);
    }
  }
}

module.exports = SharedRealmEnvironment;
