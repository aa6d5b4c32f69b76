import { commit } from './commit';
import { END_TO_END } from './end-to-end';
import { executions } from './executions';
import { burst, fanOut } from './fan-out';
import type { Family } from './family';
import { inbox } from './inbox';
import { memory } from './memory';
import { nested, sendHttp } from './requests';
import { stall } from './stall';
import { sustained } from './sustained';

/**
 * In the order in which they run: see `commit` for why it is first. Short ones come before those that overload a server, so that
 * one that takes its whole time leaves the others theirs; the largest database comes last.
 */
export const FAMILIES: readonly Family[] = [
  commit,
  sendHttp,
  // Right behind it, while what sends is compiled.
  ...END_TO_END,
  nested,
  memory,
  fanOut,
  burst,
  sustained,
  executions,
  stall,
  inbox,
];
