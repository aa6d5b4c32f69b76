// node scripts/run.mjs <entry> [arguments]: runs src/<entry>.ts with what it needs installed and compiled.
import './check-node.mjs';

import('./run-entry.mjs').then(({ runEntry }) => {
  const [entry = ''] = process.argv.splice(2, 1);
  return runEntry(entry);
});
