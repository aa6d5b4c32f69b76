import { type Refusal, refusal } from '../refusal';

/** A whole number from `min` to `max`, both included. */
export function checkWholeNumber(value: number, min: number, max: number, ...path: string[]): Refusal[] {
  return Number.isInteger(value) && value >= min && value <= max
    ? []
    : [refusal('INVALID', `This must be a whole number from ${min} to ${max}.`, ...path)];
}
