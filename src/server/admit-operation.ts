import type { HTTPGraphQLRequest } from '@apollo/server';
import type { OperationManifest, OperationRequest } from './operation-manifest';
import { BadRequest } from './read-body';

/** A request before its headers are looked at. */
export type Asked = Omit<HTTPGraphQLRequest, 'headers'>;

/**
 * The request with the document of the manifest in the place of whatever it said, so that nothing else can reach the
 * executor. Throws BadRequest when the manifest does not have it.
 */
export function admitOperation(manifest: OperationManifest, request: Asked): Asked {
  if (request.method === 'GET') return { ...request, search: admitSearch(manifest, request.search) };
  const { body } = request;
  // Not an object: Apollo refuses it.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return request;
  const { documentId: _id, extensions: _extensions, ...rest } = body as Readonly<Record<string, unknown>>;
  return { ...request, body: { ...rest, query: documentOf(manifest, body) } };
}

function admitSearch(manifest: OperationManifest, search: string): string {
  const parameters = new URLSearchParams(search);
  const query = documentOf(manifest, {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions: parsed(parameters.get('extensions')),
  });
  // Replaces all of that name: Apollo sees one.
  parameters.set('query', query);
  parameters.delete('documentId');
  parameters.delete('extensions');
  return `?${parameters.toString()}`;
}

function documentOf(manifest: OperationManifest, request: OperationRequest): string {
  const found = manifest.find(request);
  if (typeof found === 'string') return found;
  throw new BadRequest(400, found.message, found.code);
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : (JSON.parse(json) as unknown);
  } catch {
    throw new BadRequest(400, 'The extensions parameter is not valid JSON.');
  }
}
