import { GraphQLError } from 'graphql';

/** No or an invalid credential where one is needed. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError('Sign in first: send `Authorization: Bearer <token>`.', {
    extensions: { code: 'UNAUTHENTICATED' },
  });
}

/** The caller sees the object but not this field of it. */
export function forbiddenField(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
}

/** For a subscription whose object does not exist or may not be seen: the two are never told apart. */
export function missingObject(noun: string): GraphQLError {
  return new GraphQLError(`There is no such ${noun}, or you may not see it.`, { extensions: { code: 'NOT_FOUND' } });
}

/** An argument of a query that nobody could answer. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
