import './check-node.mjs';

import('./run-torture.mjs').then(({ runTorture }) => runTorture());
