import { StatementNames } from '../../src/queries/statement-names';

const asked = (names: StatementNames, text: string, times: number): (string | null)[] =>
  Array.from({ length: times }, () => names.nameOf(text));

describe('names of statements', () => {
  it('are for texts that come often, each its own and always the same', () => {
    const names = new StatementNames('page', 5);
    expect(asked(names, 'select 1', 12)).toEqual([...Array<null>(9).fill(null), 'page 0', 'page 0', 'page 0']);
    expect(asked(names, 'select 2', 10).at(-1)).toBe('page 1');
    expect(names.nameOf('select 1')).toBe('page 0');
  });

  it('are no more than a connection shall keep plans for', () => {
    const names = new StatementNames('page', 2);
    const last = ['a', 'b', 'c'].map((text) => asked(names, text, 20).at(-1));
    expect(last).toEqual(['page 0', 'page 1', null]);
    expect(names.nameOf('a')).toBe('page 0');
  });

  it('are not found by counting texts that never come again, of which few are remembered', () => {
    const names = new StatementNames('page', 2);
    asked(names, 'now and then', 9);
    for (let other = 0; other < 1001; other += 1) names.nameOf(`once ${other}`);
    expect(names.nameOf('now and then')).toBeNull();
    expect(asked(names, 'now and then', 9).at(-1)).toBe('page 0');
  });
});
