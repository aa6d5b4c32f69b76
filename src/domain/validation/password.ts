import { type Refusal, refusal } from '../refusal';
import { checkOptionalText, countCodePoints } from './text';

const MIN_LENGTH = 10;
const MAX_LENGTH = 1000;

/** A new password: 10 to 1000 code points, spaces count. No rules about kinds of characters: length is what protects. */
export function checkPassword(value: string, ...path: string[]): Refusal[] {
  if (countCodePoints(value) < MIN_LENGTH) {
    return [refusal('INVALID', `The password must have at least ${MIN_LENGTH} characters.`, ...path)];
  }
  return checkOptionalText(value, MAX_LENGTH, ...path);
}
