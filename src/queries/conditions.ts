/** Collects `and` conditions and their numbered parameters, so that no value is ever written into SQL text. */
export class Conditions {
  private readonly parts: string[] = [];
  readonly parameters: unknown[] = [];

  /** Registers a value and returns its placeholder. */
  parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  add(condition: (placeholder: string) => string, value: unknown): void {
    this.parts.push(condition(this.parameter(value)));
  }

  addPlain(condition: string): void {
    this.parts.push(condition);
  }

  get sql(): string {
    return this.parts.length === 0 ? 'true' : this.parts.map((part) => `(${part})`).join(' and ');
  }
}
