import { type Refusal, refusal } from '../refusal';

/** A colour that can be put into a style sheet as it is: #rrggbb. */
export function checkColour(value: string, ...path: string[]): Refusal[] {
  return /^#[0-9a-f]{6}$/i.test(value)
    ? []
    : [refusal('INVALID', 'This must be a colour as # and six hexadecimal digits, such as #0a7cff.', ...path)];
}
