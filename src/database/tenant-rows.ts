import type { EntityManager, EntityTarget, FindOptionsOrder, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

/** A row that belongs to a workspace. */
export interface TenantRow extends ObjectLiteral {
  workspaceId: string;
}

/**
 * The rows of one table that belong to one workspace. There is no way to reach a row of another: `workspaceId` is put
 * into every condition and every insert here, last, so that a caller cannot override it.
 */
export class TenantRows<Row extends TenantRow> {
  constructor(
    private readonly manager: EntityManager,
    private readonly entity: EntityTarget<Row>,
    private readonly workspaceId: string,
  ) {}

  async find(where: FindOptionsWhere<Row>): Promise<Row | null> {
    return this.manager.findOne(this.entity, { where: this.scoped(where) });
  }

  /** Locks the row until the end of the transaction. */
  async lock(where: FindOptionsWhere<Row>): Promise<Row | null> {
    return this.manager.findOne(this.entity, { where: this.scoped(where), lock: { mode: 'pessimistic_write' } });
  }

  async list(where: FindOptionsWhere<Row>, order?: FindOptionsOrder<Row>): Promise<Row[]> {
    return this.manager.find(this.entity, { where: this.scoped(where), ...(order === undefined ? {} : { order }) });
  }

  async insert(row: Omit<Row, 'workspaceId'>): Promise<Row> {
    const complete = { ...row, workspaceId: this.workspaceId } as unknown as Row;
    await this.manager.insert(this.entity, complete);
    return complete;
  }

  /** Returns how many rows changed. */
  async update(where: FindOptionsWhere<Row>, change: Partial<Omit<Row, 'workspaceId'>>): Promise<number> {
    const result = await this.manager.update(this.entity, this.scoped(where), change as QueryDeepPartialEntity<Row>);
    return result.affected ?? 0;
  }

  async delete(where: FindOptionsWhere<Row>): Promise<number> {
    return (await this.manager.delete(this.entity, this.scoped(where))).affected ?? 0;
  }

  private scoped(where: FindOptionsWhere<Row>): FindOptionsWhere<Row> {
    return { ...where, workspaceId: this.workspaceId };
  }
}
