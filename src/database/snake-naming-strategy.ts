import { DefaultNamingStrategy } from 'typeorm';

/** Column `last_message_at` for property `lastMessageAt`: one rule instead of a name on each column. */
export class SnakeNamingStrategy extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
