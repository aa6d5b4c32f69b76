/** Texts whose uses are counted; then counting begins anew. */
const MAX_COUNTED = 1000;
/** A text that comes so often is worth its plans. */
const OFTEN = 10;

/**
 * Names for statements whose texts are put together, so that PostgreSQL keeps the plans of those that come often. A plan
 * stays with each connection, so there is a bound on how many texts get a name; the others are planned each time.
 */
export class StatementNames {
  private readonly uses = new Map<string, number>();
  private readonly names = new Map<string, string>();

  constructor(
    private readonly prefix: string,
    private readonly max: number,
  ) {}

  /** Null: not often enough, or too many have one. */
  nameOf(text: string): string | null {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const uses = (this.uses.get(text) ?? 0) + 1;
    if (this.uses.size >= MAX_COUNTED) this.uses.clear();
    this.uses.set(text, uses);
    if (uses < OFTEN || this.names.size >= this.max) return null;
    this.uses.delete(text);
    const name = `${this.prefix} ${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
