import { buildSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareSchemas } from '../support/compare-schema';
import { loadPrintedSchema } from '../support/printed-schema';

const contract = buildSchema(readFileSync(join(__dirname, '../contract.graphql'), 'utf8'));

describe('the printed schema', () => {
  test('covers the contract, all of it', () => {
    expect(compareSchemas(contract, buildSchema(loadPrintedSchema()))).toEqual([]);
  });

  test('would not with one of its mutations under another name', () => {
    const lacking = loadPrintedSchema().replace('  sendTestNotification(', '  sendNothing(');
    expect(compareSchemas(contract, buildSchema(lacking)).map(({ path }) => path)).toEqual([
      'Mutation.sendTestNotification',
    ]);
  });
});
