'use strict';

const { statSync } = require('node:fs');
const { sep } = require('node:path');
const { Script } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

/** As Node calls the function around a CommonJS module, for stack traces. */
const WRAPPER = 'Object.<anonymous>';

/** What a worker keeps from one test file to the next: texts and compiled scripts, nothing that has run. */
const transformed = new Map();
const scripts = new Map();
const resolved = new Map();

/**
 * jest-runtime transforms, compiles and looks up every file again for every test file: 2400 of them for a server, which
 * is most of what such a test file costs. Here a worker does that once a file, and runs the compiled script anew in the
 * context of each test file: every module is evaluated for each of them, as before. See docs/adr/0044.
 *
 * What is replaced are private parts of jest-runtime, whose version is exact; one that is not where it was stops the run.
 */
class CompileOnceRuntime extends JestRuntime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    // Instrumented code is other code, wanted for one run.
    if (this._coverageOptions.collectCoverage) return;
    const { executor, transformCache, _resolution: resolution } = this;
    replace(transformCache, 'transform', (transform) => transformOnce(transform, transformCache.sourceMaps));
    replace(executor, 'compile', (compile) => compileOnce(compile, executor, environment));
    replace(resolution, 'resolveCjs', resolveOnce);
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
    const script = context === null ? undefined : scriptOf(code, filename, executor.injectedModuleParameters);
    return script === undefined ? compile(code, filename) : script.runInContext(context)[WRAPPER];
  };
}

/** Undefined when it cannot be compiled so: jest-runtime then compiles it itself, and explains what is wrong. */
function scriptOf(code, filename, parameters) {
  const known = scripts.get(filename);
  if (known?.code === code) return known.script;
  const head = `({${JSON.stringify(WRAPPER)}:function(${parameters.join(',')}){`;
  try {
    // On one line with its code, whose columns count from there: source maps stay true.
    const script = new Script(`${head}${code}\n}})`, { filename, columnOffset: -head.length });
    scripts.set(filename, { code, script });
    return script;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
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

module.exports = CompileOnceRuntime;
