import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../../src/server/build-schema';
import { loadPrintedSchema } from '../support/printed-schema';

test('schema.graphql, as committed, is what the code says (else run `npm run schema`)', async () => {
  expect(`${printSchema(lexicographicSortSchema(await createSchema()))}\n`).toBe(loadPrintedSchema());
});
