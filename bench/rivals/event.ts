import { randomUUID } from 'node:crypto';
import { stampedText } from '../load/stamp';

export interface MessageAdded {
  readonly __typename: 'MessageAdded';
  readonly cursor: string;
  readonly message: {
    readonly id: string;
    readonly sequence: number;
    readonly kind: string;
    readonly authorKind: string;
    readonly text: string;
    readonly createdAt: string;
    readonly author: { readonly __typename: 'Visitor'; readonly id: string; readonly displayName: string };
  };
}

/** The event that Baton sends for a message, field by field and as long, for servers that only pass events on. */
export function messageAdded(sequence: number): MessageAdded {
  const id = (): string => randomUUID().replaceAll('-', '');
  return {
    __typename: 'MessageAdded',
    cursor: `${id()}${sequence}`,
    message: {
      id: `msg_${id()}`,
      sequence,
      kind: 'TEXT',
      authorKind: 'VISITOR',
      text: stampedText(),
      createdAt: new Date().toISOString(),
      author: { __typename: 'Visitor', id: `vis_${id()}`, displayName: 'Visitor 17' },
    },
  };
}
