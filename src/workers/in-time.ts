import type { SendDependencies } from './send-result';

/** Nothing was tried: so much of the lease was gone before the sending began that it could end on the way. */
export class LeaseUsedUp extends Error {
  override readonly name = 'LeaseUsedUp';

  constructor() {
    super('The worker was held up before it could send.');
  }
}

/** A mail takes up to 60 s, which is the lease; the sweeper's grace of 15 s is what lies between a taking and the next one. */
const MOST_BEFORE_SENDING_MS = 10_000;

/**
 * The same ways out, closed to whoever comes too long after the delivery was taken: a process that was paused, or waited for
 * its database. By the end of what it began another one could have the delivery, and both would send it.
 *
 * @param sinceTaken milliseconds since before it was taken
 */
export function inTime<Dependencies extends SendDependencies>(
  dependencies: Dependencies,
  sinceTaken: () => number,
): Dependencies {
  const whenInTime = async <Result>(send: () => Promise<Result>): Promise<Result> => {
    if (sinceTaken() > MOST_BEFORE_SENDING_MS) throw new LeaseUsedUp();
    return send();
  };
  const { mail, workspaceMail, push } = dependencies;
  return {
    ...dependencies,
    mail: { send: (each) => whenInTime(() => mail.send(each)) },
    workspaceMail: { send: (server, each) => whenInTime(() => workspaceMail.send(server, each)) },
    push: { send: (target, content, options) => whenInTime(() => push.send(target, content, options)) },
  };
}
