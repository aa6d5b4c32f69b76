import './check-node.mjs';

import('./run-bench.mjs').then(({ runBenchmark }) => runBenchmark(process.argv.slice(2)));
