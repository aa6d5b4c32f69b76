/** What has to be in an answer. */
export function given<Value>(value: Value | null | undefined): Value {
  if (value == null) throw new Error('The API did not answer with what was asked for.');
  return value;
}
