import './check-node.mjs';

// Compiled like src/: see compile.mjs.
import('./install-missing.mjs')
  .then(({ installMissing }) => installMissing())
  .then(() => import('./compile.mjs'))
  .then(({ compile }) => compile())
  .then(() => import('./single-signals.mjs'))
  .then(({ deliverSignalsOnce }) => deliverSignalsOnce())
  .then(() => import('../dist/torture/main.js'));
