import './check-node.mjs';

import('./install-missing.mjs')
  .then(({ installMissing }) => installMissing())
  .then(() => import('./compile.mjs'))
  .then(({ compile }) => compile())
  .then((written) => console.log(written === 0 ? 'dist/ is up to date.' : `Compiled ${written} files into dist/.`));
