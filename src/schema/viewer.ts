import { createUnionType } from 'type-graphql';
import { ApiKey } from './api-key';
import { User } from './user';
import { Visitor } from './visitor';

export const Viewer = createUnionType({
  name: 'Viewer',
  description: 'Who sends the request: a person who signed in, a visitor in a widget, or a program with an API key.',
  types: () => [User, Visitor, ApiKey] as const,
});
export type Viewer = typeof Viewer;
