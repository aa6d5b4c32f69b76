// node --import watch-process.mjs: says on standard error, as the process ends, whether anything has switched on promise hooks,
// and which packages it has loaded.
import { executionAsyncId } from 'node:async_hooks';
import { createRequire } from 'node:module';

// Without hooks what comes after an `await` has no async id of its own. Node 24 needs none for an AsyncLocalStorage.
let looks = 0;
let isOn = false;

setInterval(async () => {
  await null;
  looks += 1;
  isOn ||= executionAsyncId() !== 0;
}, 10).unref();

const packageOf = (file) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];

process.once('exit', () => {
  const packages = new Set(Object.keys(createRequire(import.meta.url).cache).map(packageOf));
  process.stderr.write(`packages: ${[...packages].filter((name) => name !== undefined).join(' ')}\n`);
  process.stderr.write(`promise hooks: ${isOn ? 'on' : 'off'}, ${looks > 0 ? 'looked' : 'never looked'}\n`);
});
