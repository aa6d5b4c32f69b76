import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/config/read-config';
import { variables } from '../../src/config/variables';

const lines = readFileSync(join(__dirname, '../../.env.example'), 'utf8').split('\n');
const assignments = lines.map((line, at) => ({ at, match: /^# ?([A-Z_]+)=(.*)$|^([A-Z_]+)=(.*)$/.exec(line) }));
const named = assignments.flatMap(({ at, match }) =>
  match === null ? [] : [{ at, name: match[1] ?? match[3] ?? '', value: match[2] ?? match[4] ?? '' }],
);

describe('.env.example', () => {
  it('names exactly the variables that Baton reads, each once', () => {
    expect(named.map(({ name }) => name).toSorted()).toEqual(Object.keys(variables.shape).toSorted());
  });

  it.each(named)('explains $name in the comment above it', ({ at }) => {
    expect(lines[at - 1]).toMatch(/^# \S/);
  });

  it.each(named)('shows a value of $name that is accepted', ({ name, value }) => {
    const message = (() => {
      try {
        readConfig({ [name]: value });
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    // A pair that misses its other half is a complaint about the other half.
    expect(message).not.toMatch(new RegExp(`\\b${name} must`));
  });

  it('copied as it stands changes nothing: every line with a value is commented out', () => {
    expect(lines.filter((line) => /^[A-Z_]+=./.test(line))).toEqual([]);
  });
});
