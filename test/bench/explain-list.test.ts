import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { explainList } from '../../bench/data/explain-list';
import type { MeasuredList } from '../../bench/data/lists';
import { preparedIn } from '../../src/database/prepared';
import { SERVER } from '../../src/database/scope';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';

let database: StageDatabase;
let source: DataSource;
beforeAll(async () => {
  database = await openDatabase();
  source = await database.openApplication();
});
afterAll(() => database.close());

describe('explaining a list', () => {
  it('sees what TypeORM builds, what is asked by hand and what is prepared, and no settings', async () => {
    const { statements, plans } = await explainList(source, {
      name: 'three ways',
      scope: SERVER,
      read: async (manager) => {
        await manager.query('set local enable_sort = on');
        await manager.query('select log_id from event_log where position >= $1', [0]);
        await manager
          .createQueryBuilder()
          .select('slug')
          .from('workspaces', 'w')
          .where('slug = :slug', { slug: '' })
          .getRawMany();
        const ask = await preparedIn(manager);
        await ask({ name: 'explain_test', text: 'select id from users where id = $1' }, [randomUUID()]);
      },
    });
    expect(statements).toBe(3);
    expect(
      ['event_log', 'workspaces', 'users'].map((table) => plans.filter((plan) => plan.includes(table)).length),
    ).toEqual([1, 1, 1]);
  });

  it('fails where it sees nothing', async () => {
    const list: MeasuredList = { name: 'of nothing', scope: SERVER, read: () => Promise.resolve() };
    await expect(explainList(source, list)).rejects.toThrow('of nothing: no statement was seen');
  });
});
