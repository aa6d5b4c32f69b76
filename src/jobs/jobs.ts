/** What each job carries: ids and nothing else. A queue stores payloads in clear, and the rows may have changed since. */
export interface JobPayloads {
  'run-turn': { readonly turnId: string; readonly workspaceId: string; readonly conversationId: string };
  deliver: { readonly deliveryId: string; readonly workspaceId: string };
  'expire-handoff': { readonly handoffId: string; readonly workspaceId: string; readonly conversationId: string };
  'climb-ladder': { readonly handoffId: string; readonly workspaceId: string; readonly conversationId: string };
}

export type JobName = keyof JobPayloads;

export const JOB_NAMES: readonly JobName[] = ['run-turn', 'deliver', 'expire-handoff', 'climb-ladder'];

/** One job to put into its queue. */
export type Job = { [Name in JobName]: JobOf<Name> }[JobName];

export interface JobOf<Name extends JobName> {
  readonly name: Name;
  readonly payload: JobPayloads[Name];
  /** Milliseconds until it may run; 0 unless told. */
  readonly delayMs?: number;
  /**
   * Which try of a delivery: a job cannot add itself again under the id that it still has. Of a deadline: which version of
   * the handoff has it. 0 unless told.
   */
  readonly round?: number;
}

interface RetryOptions {
  readonly attempts: number;
  readonly backoff?: { readonly type: 'fixed'; readonly delay: number };
}

/**
 * How often the queue itself tries. Whatever fails for good is gone from the queue: the row that the job pointed to is
 * still PENDING or OPEN, and a sweeper adds the job again.
 */
export const JOB_RETRIES: Record<JobName, RetryOptions> = {
  // Two attempts of 60 s and this wait fit into the 180 s that a turn may stay open.
  'run-turn': { attempts: 2, backoff: { type: 'fixed', delay: 1000 } },
  // Its own waits are `due_at`, which other processes can see.
  deliver: { attempts: 1 },
  // The sweeper looks every second.
  'expire-handoff': { attempts: 1 },
  'climb-ladder': { attempts: 1 },
};

/** The same work always has the same id, so that adding it twice is adding it once. Without ":" and never all digits. */
export function jobId(job: Job): string {
  switch (job.name) {
    case 'run-turn':
      return `turn-${job.payload.turnId}`;
    case 'deliver':
      return `delivery-${job.payload.deliveryId}-${job.round ?? 0}`;
    case 'expire-handoff':
      return `handoff-${job.payload.handoffId}${job.round === undefined ? '' : `-${job.round}`}`;
    case 'climb-ladder':
      return `ladder-${job.payload.handoffId}-${job.round ?? 0}`;
  }
}
