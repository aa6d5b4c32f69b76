import DataLoader from 'dataloader';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { Read, TenantScope } from '../database/scope';
import { type Principal, readerIdOf } from '../domain/actor';
import { Delivery } from '../entities/delivery';
import { HandoffRung } from '../entities/handoff-rung';
import { Inquiry } from '../entities/inquiry';
import { InquiryAnswer } from '../entities/inquiry-answer';
import { Transcript } from '../entities/transcript';
import { type RowReading, WHOLE_ROWS } from './read-columns';
import { readRows } from './rows';

/** Rows that hang below another row: deliveries of a notification, answers of an inquiry, the inquiry of a handoff. */
export class DeliveryLoaders {
  protected readonly workspaceId: string | null = this.principal?.workspaceId ?? null;

  readonly deliveriesOfNotification = this.below(Delivery, 'notification_id');
  readonly deliveriesOfAnswer = this.below(Delivery, 'inquiry_answer_id');
  readonly deliveriesOfTranscript = this.below(Delivery, 'transcript_id');
  readonly transcriptsOfConversation = this.below(Transcript, 'conversation_id');
  readonly answersOfInquiry = this.below(InquiryAnswer, 'inquiry_id');
  readonly rungsOfHandoff = this.below(HandoffRung, 'handoff_id');
  readonly inquiriesOfHandoff = this.below(Inquiry, 'handoff_id');

  constructor(
    protected readonly readOf: (scope: TenantScope) => Read,
    private readonly principal: Principal | null,
    protected readonly cache: boolean,
    protected readonly reading: RowReading = WHOLE_ROWS,
  ) {}

  /** Asked when it is needed: what is loaded for many viewers at once must not ask. */
  protected get readerId(): string | null {
    return this.principal === null ? null : readerIdOf(this.principal);
  }

  /** Rows of the principal's tenant. There are none for a caller without a credential. */
  protected get read(): Read {
    if (this.principal === null) throw new Error('A caller without a credential has no tenant to read from.');
    return this.readOf(this.principal);
  }

  /** Rows of a table by the column that points up, oldest first. */
  private below<Row extends ObjectLiteral>(entity: EntityTarget<Row>, column: string): DataLoader<string, Row[]> {
    return new DataLoader(
      (parents) =>
        this.read(async (manager) => {
          const { tableName } = manager.dataSource.getMetadata(entity);
          const from = `from ${tableName} t where t.${column} = any ($1::uuid[]) and t.workspace_id = $2 order by t.id`;
          const query = { name: `${tableName} below ${column}`, from };
          const rows = await readRows(manager, entity, query, [parents, this.workspaceId]);
          return parents.map((parent) => rows.filter((one) => one.columns[column] === parent).map(({ row }) => row));
        }),
      { cache: this.cache },
    );
  }
}
