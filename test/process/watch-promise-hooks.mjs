// node --import watch-promise-hooks.mjs: says on standard error, as the process ends, whether anything has switched on promise hooks.
// Without them what comes after an `await` has no async id of its own. Node 24 needs no hooks for an AsyncLocalStorage.
import { executionAsyncId } from 'node:async_hooks';

let looks = 0;
let isOn = false;

setInterval(async () => {
  await null;
  looks += 1;
  isOn ||= executionAsyncId() !== 0;
}, 10).unref();

process.once('exit', () => {
  process.stderr.write(`promise hooks: ${isOn ? 'on' : 'off'}, ${looks > 0 ? 'looked' : 'never looked'}\n`);
});
