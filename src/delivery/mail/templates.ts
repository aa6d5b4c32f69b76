import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';

/**
 * A page of templates/. Double braces escape whatever people have written; triple braces, which do not, are refused by a
 * test. `strict`: a value that a template asks for and is not given is an error, not an empty place.
 */
export function templateOf(name: 'mail' | 'turn-off'): (values: object) => string {
  const source = readFileSync(join(__dirname, 'templates', `${name}.hbs`), 'utf8');
  return Handlebars.compile<object>(source, { strict: true, knownHelpersOnly: true });
}
