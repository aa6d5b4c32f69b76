'use strict';

const { statSync } = require('node:fs');
const { createRequire, isBuiltin } = require('node:module');
const { sep } = require('node:path');
const { Script } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');
const { RunningTest } = require('./running-test.cjs');

/** As Node calls the function around a CommonJS module, for stack traces. */
const WRAPPER = 'Object.<anonymous>';

const JEST_CIRCUS = `${sep}node_modules${sep}jest-circus${sep}`;

/** Packages that keep something for the whole process (metadata, tracers, figures, templates) are not shared. */
const FRESH = /^(?:@jest|@opentelemetry|type-graphql|prom-client|handlebars)(?:\/|$)/;
const isSharedPackage = (name) => !/^[./]/.test(name) && !isBuiltin(name) && !FRESH.test(name);

/** Of what is not shared, a worker keeps texts and compiled scripts: nothing that has run. */
const transformed = new Map();
const scripts = new Map();
const resolved = new Map();

/**
 * jest-runtime looks up, transforms, compiles and runs every file again for every test file: 2400 of them for a server,
 * which is most of what such a test file costs, and leaves all code cold. Here a worker shares the packages that it has
 * loaded, as Node shares them, between the test files in its own realm (shared-realm-environment.cjs). Everything else, ours
 * above all, is evaluated anew for each of them, from a script that was compiled once. See docs/adr/0044.
 *
 * What is replaced are private parts of jest-runtime, whose version is exact; one that is not where it was stops the run.
 */
class SharedPackagesRuntime extends JestRuntime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    const { executor, transformCache, _resolution: resolution } = this;
    replace(transformCache, 'transform', (transform) => transformOnce(transform, transformCache.sourceMaps));
    replace(executor, 'compile', (compile) => compileOnce(compile, executor, environment));
    replace(resolution, 'resolveCjs', resolveOnce);
    this.isOfSharedRealm = environment.getVmContext() === null;
  }

  requireModuleOrMock(from, name) {
    if (this.isOfSharedRealm && isSharedPackage(name)) return createRequire(from)(name);
    return super.requireModuleOrMock(from, name);
  }

  requireInternalModule(from, name) {
    const isAsked = name === 'node:async_hooks' && from.includes(JEST_CIRCUS);
    return isAsked ? { AsyncLocalStorage: RunningTest } : super.requireInternalModule(from, name);
  }

  setMock(from, name, ...mock) {
    if (this.isOfSharedRealm && isSharedPackage(name)) {
      throw new Error(
        `${name} is shared with other test files: to mock it, begin this one with @jest-environment node.`,
      );
    }
    super.setMock(from, name, ...mock);
  }
}

function transformOnce(transform, sourceMaps) {
  return (filename, options) => {
    const key = `${options?.isInternalModule === true}:${filename}`;
    const version = versionOf(filename);
    let known = transformed.get(key);
    if (known?.version !== version) {
      const code = transform(filename, options);
      known = { version, code, sourceMap: sourceMaps.get(filename) };
      transformed.set(key, known);
    }
    if (known.sourceMap !== undefined) sourceMaps.set(filename, known.sourceMap);
    return known.code;
  };
}

function compileOnce(compile, executor, environment) {
  return (code, filename) => {
    const context = environment.getVmContext();
    try {
      const script = scriptOf(code, filename, executor.injectedModuleParameters);
      return (context === null ? script.runInThisContext() : script.runInContext(context))[WRAPPER];
    } catch (error) {
      // In its own sandbox jest-runtime explains what is wrong with it.
      if (context === null || !(error instanceof SyntaxError)) throw error;
      return compile(code, filename);
    }
  };
}

function scriptOf(code, filename, parameters) {
  const known = scripts.get(filename);
  if (known?.code === code) return known.script;
  const head = `({${JSON.stringify(WRAPPER)}:function(${parameters.join(',')}){`;
  // On one line with its code, whose columns count from there: source maps stay true.
  const script = new Script(`${head}${code}\n}})`, { filename, columnOffset: -head.length });
  scripts.set(filename, { code, script });
  return script;
}

function resolveOnce(resolve) {
  return (from, to) => {
    if (!to || !isOfPackage(from)) return resolve(from, to);
    const key = `${from}\0${to}`;
    let found = resolved.get(key);
    if (found === undefined) {
      found = resolve(from, to);
      resolved.set(key, found);
    }
    return found;
  };
}

const isOfPackage = (filename) => filename.includes(`${sep}node_modules${sep}`);

/** Ours may be edited while `--watch` runs; a package is not. */
const versionOf = (filename) => (isOfPackage(filename) ? 0 : statSync(filename).mtimeMs);

function replace(owner, name, by) {
  if (typeof owner?.[name] !== 'function') {
    throw new Error(`jest-runtime has no ${name} where it was: ${__filename} must follow it.`);
  }
  owner[name] = by(owner[name].bind(owner));
}

module.exports = SharedPackagesRuntime;
