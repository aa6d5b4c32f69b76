/** Ids of things of the run, as somebody may get hold of who has no business with them. */
export class Loot {
  readonly conversations = new Set<string>();
  readonly files = new Set<string>();
  readonly messages = new Set<string>();
}
