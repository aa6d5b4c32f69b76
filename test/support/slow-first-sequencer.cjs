'use strict';

const { sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Those that start processes or wait for a real deadline, the longest first: alone at the end they would keep one worker
 * busy and the others idle. A new clone has no record of how long they took, which is what jest goes by.
 */
const SLOW = [
  'process/several-processes',
  'process/start',
  'process/refused-start',
  'admin/admin',
  'api/schema-walk',
  'process/deploy',
  'api/access-matrix',
  'api/access-live',
  'api/limits',
  'api/fuzz',
  'workers/sweepers',
  'embedded/start-embedded-postgres',
  'realtime/join-await-points',
  'realtime/resume-cuts',
  'realtime/viewers-differential',
  'commands/conversation/conversation-model',
  'admin/admin-credentials',
];

class SlowFirstSequencer extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ path }) {
  const place = SLOW.findIndex((name) => path.split(sep).join('/').endsWith(`/test/${name}.test.ts`));
  return place === -1 ? SLOW.length : place;
}

module.exports = SlowFirstSequencer;
module.exports.SLOW = SLOW;
