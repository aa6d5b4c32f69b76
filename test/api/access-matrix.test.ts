import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicIdTypes } from '../../src/domain/public-id';
import { expectedOf, isRefusal, type Place, placesOf, variablesFor } from './matrix/cells';
import { fingerprintOf } from './matrix/fingerprint';
import { type IdField, readIdFields } from './matrix/id-fields';
import { createMatrix, type Matrix, OUTSIDERS, type OutsiderName } from './matrix/outsiders';
import { type Finding, Questions } from './matrix/questions';
import { printMatrix } from './matrix/report';
import { ROWS } from './matrix/rows';
import { recordStatements, type Statements } from './matrix/statements';
import { type Heard, listen } from './matrix/watchers';
import { addScene, type Scene, startScene, write } from './scene';

let statements: Statements;
let scene: Scene;
let fields: IdField[];
let places: Place[];
let matrix: Matrix;
let questions: Questions;
let heard: Heard;
beforeAll(async () => {
  statements = recordStatements();
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
  fields = await readIdFields(scene.nobody);
  places = placesOf(fields);
  matrix = await createMatrix(scene, await addScene(scene.api));
  questions = new Questions(scene, statements);
  heard = await listen(scene, matrix.victims);
});
afterAll(async () => {
  questions.close();
  await heard.stop();
  statements.stop();
  await scene.api.stop();
});

const NAMES = Object.keys(OUTSIDERS) as OutsiderName[];
/** Asked together; the server has ten connections. */
const TOGETHER = 8;

async function findingsOf(
  name: OutsiderName,
  asked: readonly Place[],
  nudge?: () => Promise<unknown>,
): Promise<Finding[]> {
  const { tokenFor, own } = matrix.outsiders.find((one) => one.name === name)!;
  const found: Finding[] = [];
  for (let at = 0; at < asked.length; at += TOGETHER) {
    const some = asked.slice(at, at + TOGETHER).map((place) => {
      const who = { token: tokenFor(place.row.takes), own, nudge };
      return questions.findings(place, who, matrix.victims.ids[place.row.named]);
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

/** Something for each stream that only tells of what happens now. */
async function nudge(): Promise<void> {
  const { conversation: conversationId } = matrix.victims.ids;
  await scene.people.operator.attempt('setTyping', { conversationId, isTyping: true });
  const visit = await scene.visit();
  await write(visit.visitor, visit.conversationId, 'Is anybody there?');
}

describe('the table', () => {
  it('has a row for every id of every field', () => {
    const named = new Set(Object.keys(ROWS).map((name) => name.replace(/ \(.*$/, '')));
    const all = fields.flatMap((field) => field.idPaths.map((path) => `${field.name}.${path}`));
    expect({ 'ids without a row in test/api/matrix/rows.ts': all.filter((name) => !named.has(name)) }).toEqual({
      'ids without a row in test/api/matrix/rows.ts': [],
    });
    expect({ 'rows without an id in the schema': [...named].filter((name) => !all.includes(name)) }).toEqual({
      'rows without an id in the schema': [],
    });
    expect(places).toHaveLength(Object.keys(ROWS).length);
  });

  it('has a row of node for every kind of object that is one', () => {
    // They are parts of others, and have no id that one could ask for.
    const kinds = publicIdTypes.filter((type) => !['attachment', 'inquiryAnswer', 'delivery', 'turn'].includes(type));
    expect(places.filter(({ field }) => field.name === 'node').map(({ row }) => row.named)).toEqual(
      expect.arrayContaining(kinds),
    );
  });
});

describe('somebody else’s id and one that does not exist', () => {
  it.each(NAMES)('are told apart by nothing, and change nothing, for %s', async (name) => {
    const { source } = scene.api;
    const asked = places.filter((place) => expectedOf(place, name) !== 'FOUND');
    const before = await fingerprintOf(source);
    const findings = await findingsOf(name, asked);
    const expected = new Map(asked.map((place) => [place.name, place]));
    const wrong = findings.filter((one) => one.verdict !== expectedOf(expected.get(one.name)!, name));
    expect(wrong).toEqual([]);
    expect(findings.filter(({ unlike }) => unlike.length > 0)).toEqual([]);
    const given = findings.filter((one) => expected.get(one.name)!.row.chooses !== true && !isRefusal(one.toMissing));
    expect(given).toEqual([]);
    expect(await fingerprintOf(source)).toEqual(before);
  });

  it('reach nobody who follows the object: no event, no typing, no presence', async () => {
    expect(await heard.sinceThen()).toEqual([]);
  });
});

describe('the same question, asked by whoever it is for', () => {
  it.each(NAMES)('finds the object for %s where the table says so', async (name) => {
    for (const place of places.filter((one) => expectedOf(one, name) === 'FOUND')) {
      const verdicts = (await findingsOf(name, [place], nudge)).map(({ verdict }) => verdict);
      expect([place.name, verdicts]).toEqual([place.name, verdicts.map(() => 'FOUND')]);
    }
  });

  it('finds the object for somebody of the scene, and no malformed id', async () => {
    for (const place of places) {
      const { named, for: person } = place.row;
      if (person === null) continue;
      const token = person === 'visitor' ? matrix.victims.visitor.token : scene.people[person].token;
      const id = matrix.victims.ids[named];
      const who = { token, own: matrix.victims, nudge };
      for (const malformed of named === 'slug' ? ['', '\0', '%'] : malformedOf(id)) {
        for (const variables of variablesFor(place, malformed, matrix.victims)) {
          const { answer } = await questions.ask(place, { token, id: malformed, variables });
          expect([place.name, malformed, isRefusal(answer) || place.row.chooses]).toEqual([
            place.name,
            malformed,
            true,
          ]);
        }
      }
      const [alone] = await questions.findings(place, who, id);
      expect([place.name, alone!.verdict]).toEqual([place.name, 'FOUND']);
    }
  });
});

const malformedOf = (id: string): string[] => [
  '',
  'x',
  id.toUpperCase(),
  `${id}0`,
  id.slice(0, -1),
  `ians_${id.split('_')[1]!}`,
  '\0',
  '%',
];

it('is printed in docs/access-matrix.md', () => {
  const file = join(__dirname, '../../docs/access-matrix.md');
  const committed = readFileSync(file, 'utf8');
  const printed = printMatrix(places);
  // Written at once, and failing still: what changed is to be read, and committed with what changed it.
  if (printed !== committed) writeFileSync(file, printed);
  expect(printed).toBe(committed);
});
