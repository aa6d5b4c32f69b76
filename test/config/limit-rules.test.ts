import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { LIMIT_RULES } from '../../src/config/limit-rules';
import { readConfig } from '../../src/config/read-config';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');

describe('LIMIT_RULES', () => {
  it('have a name each', () => {
    expect(new Set(LIMIT_RULES.map(({ name }) => name)).size).toBe(LIMIT_RULES.length);
  });

  it('name root fields that there are', () => {
    const mutations = Object.keys(buildSchema(read('schema.graphql')).getMutationType()!.getFields());
    const named = LIMIT_RULES.flatMap(({ fields }) => (typeof fields === 'string' ? [] : fields));
    expect(named.filter((field) => !mutations.includes(field))).toEqual([]);
  });

  it('stand in the README as they are', () => {
    const rows = [...read('README.md').matchAll(/^\| `([a-z-]+)` \| (\d+) in (\d+) s \|/gm)];
    expect(rows.map(([, name, points, seconds]) => [name, Number(points), Number(seconds)])).toEqual(
      LIMIT_RULES.map(({ name, points, seconds }) => [name, points, seconds]),
    );
  });
});

describe('BATON_LIMITS', () => {
  it('unset leaves every limit as it is', () => {
    expect(readConfig({}).limits).toEqual(LIMIT_RULES);
  });

  it('changes what it names and nothing else, and keeps the order', () => {
    const { limits } = readConfig({ BATON_LIMITS: 'typing=off, messages-by-visitor=30/10' });
    expect(limits).toEqual(
      LIMIT_RULES.filter(({ name }) => name !== 'typing').map((rule) =>
        rule.name === 'messages-by-visitor' ? { ...rule, points: 30, seconds: 10 } : rule,
      ),
    );
  });
});
