import { decodeAnyPublicId } from '../../src/domain/public-id';
import type {
  ClaimRecord,
  DownloadRecord,
  FaultRecord,
  History,
  NoteRecord,
  SendRecord,
  SightingRecord,
  StreamEntry,
  StreamRecord,
  UploadRecord,
} from './history';

export type Result = 'ok' | 'refused' | 'failed';

/** A stream that is being written down. */
export interface StreamInHand extends StreamRecord {
  readonly entries: StreamEntry[];
  fromPosition: number | null;
}

/** What the clients of a run saw, written down as it happens. */
export class Recorder {
  readonly sends: SendRecord[] = [];
  readonly claims: ClaimRecord[] = [];
  readonly notes: NoteRecord[] = [];
  readonly uploads: UploadRecord[] = [];
  readonly downloads: DownloadRecord[] = [];
  readonly sightings: SightingRecord[] = [];
  readonly streams: StreamInHand[] = [];
  readonly faults: FaultRecord[] = [];
  readonly operations = new Map<string, Record<Result, number>>();
  /** Why operations failed or were tried again, and how often: for whoever looks into a run. */
  readonly troubles = new Map<string, number>();

  count(operation: string, result: Result): void {
    const counts = this.operations.get(operation) ?? { ok: 0, refused: 0, failed: 0 };
    counts[result] += 1;
    this.operations.set(operation, counts);
  }

  trouble(what: string): void {
    this.troubles.set(what, (this.troubles.get(what) ?? 0) + 1);
  }

  stream(about: Omit<StreamRecord, 'entries'>): StreamInHand {
    const stream = { ...about, entries: [] };
    this.streams.push(stream);
    return stream;
  }

  /** What of a history is recorded here. */
  get history(): Pick<
    History,
    'sends' | 'claims' | 'notes' | 'uploads' | 'downloads' | 'sightings' | 'streams' | 'faults'
  > {
    const { sends, claims, notes, uploads, downloads, sightings, streams, faults } = this;
    return { sends, claims, notes, uploads, downloads, sightings, streams, faults };
  }

  get injected(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { kind } of this.faults) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }
}

/** The UUID behind a public id, which is how tables name things. Throws for what is none. */
export function uuidOf(publicId: string): string {
  const decoded = decodeAnyPublicId(publicId);
  if (decoded === null) throw new Error(`${publicId} is no public id`);
  return decoded.uuid;
}
