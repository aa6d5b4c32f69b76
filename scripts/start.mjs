import './check-node.mjs';

import('./run-entry.mjs').then(({ runEntry }) => runEntry('main'));
