import type { Refusal } from '../refusal';
import { checkLine } from './text';

const MAX_LENGTH = 200;

/** A name of a person or thing: one line of 1 to 200 code points, space around it not counted. Store it trimmed. */
export function checkName(value: string, ...path: string[]): Refusal[] {
  return checkLine(value, MAX_LENGTH, ...path);
}

/** Like `checkName`, where there may be no name at all. An empty one is still a mistake. */
export function checkOptionalName(value: string | null | undefined, ...path: string[]): Refusal[] {
  return value === null || value === undefined ? [] : checkName(value, ...path);
}
