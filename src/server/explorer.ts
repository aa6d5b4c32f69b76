import { createReadStream, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { getDistDirectory, renderAltair } from 'altair-static';
import { explorerStartScript } from './explorer-windows';

export interface ExplorerOptions {
  /** Path of the GraphQL endpoint on the same host, for HTTP and for sockets. */
  readonly graphqlPath: string;
  /** Path of the page, without a trailing slash; its files live below it. */
  readonly explorerPath: string;
}

/** Answers a request and returns true, or returns false when the path is not the explorer's. */
export type ExplorerHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Asset {
  readonly file: string;
  readonly size: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Page {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const startScript = 'start.js';
/** Where plugins would run; there are none, and the scripts of a tab are interpreted instead. */
const sandbox = 'iframe-sandbox/';
/** Names that carry a hash of the content, as the bundlers of Altair write them. */
const hashed = /-[A-Za-z\d_-]{8}\.(js|css)$/;

/**
 * Nothing from another host, in either direction: Altair carries links to its makers' account service, plugin registry
 * and error collector, and a browser that obeys this reaches none of them.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Angular and the editor put their styles into the document as they run.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const everywhere = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

interface Files {
  /** By their paths. */
  readonly pages: ReadonlyMap<string, Page>;
  /** By their paths below the explorer's. */
  readonly assets: ReadonlyMap<string, Asset>;
}

/**
 * Serves the API explorer (Altair) from the installed package. Files are found in a list made when it is asked for the
 * first time, never by putting a request's path together with a folder: there is no path to traverse.
 */
export function createExplorer(options: ExplorerOptions): ExplorerHandler {
  const { explorerPath } = options;
  const below = `${explorerPath}/`;
  let files: Files | null = null;

  return (request, response) => {
    const path = (request.url ?? '').split(/[?#]/, 1).join('');
    if (path !== explorerPath && !path.startsWith(below)) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...everywhere, Allow: 'GET, HEAD' }).end();
      return true;
    }
    const { pages, assets } = (files ??= listFiles(options, below));
    const made = pages.get(path);
    const asset = assets.get(path.slice(below.length));
    if (made !== undefined) response.writeHead(200, made.headers).end(made.text);
    else if (asset !== undefined) sendAsset(asset, request, response);
    else response.writeHead(404, { ...everywhere, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return true;
  };
}

function listFiles({ graphqlPath, explorerPath }: ExplorerOptions, below: string): Files {
  const page = asPage(pageText(below), '.html');
  const start = asPage(explorerStartScript(graphqlPath), '.js');
  const pages = new Map([
    [explorerPath, page],
    [below, page],
    [below + startScript, start],
  ]);
  return { pages, assets: listAssets(getDistDirectory()) };
}

function pageText(baseURL: string): string {
  // Its banner advertises a paid plugin that would come from a CDN.
  const head = '<title>Baton API explorer</title><style>app-banner-container { display: none }</style>';
  return renderAltair({ baseURL, serveInitialOptionsInSeperateRequest: startScript }).replace(
    /<title>.*?<\/title>/,
    head,
  );
}

function asPage(text: string, extension: '.html' | '.js'): Page {
  return {
    text,
    headers: {
      ...everywhere,
      'Content-Type': contentTypes[extension] ?? '',
      'Content-Length': String(Buffer.byteLength(text)),
      'Content-Security-Policy': pagePolicy,
      'Cache-Control': 'no-store',
    },
  };
}

function listAssets(folder: string): ReadonlyMap<string, Asset> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((relative) => {
    const file = join(folder, relative);
    const name = relative.split(sep).join('/');
    const contentType = contentTypes[extname(name)];
    const stat = statSync(file);
    // The package's own index.html names no endpoint: the page above takes its place.
    if (contentType === undefined || !stat.isFile() || name === 'index.html' || name.startsWith(sandbox)) return [];
    return [
      [name, { file, size: stat.size, headers: assetHeaders(name, contentType, stat.size, stat.mtimeMs) }] as const,
    ];
  });
  return new Map(entries);
}

function assetHeaders(name: string, contentType: string, size: number, modified: number): Record<string, string> {
  return {
    ...everywhere,
    'Content-Type': contentType,
    'Content-Security-Policy': pagePolicy,
    'Cache-Control': hashed.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: `"${size.toString(36)}-${Math.floor(modified).toString(36)}"`,
  };
}

function sendAsset(asset: Asset, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['if-none-match'] === asset.headers['ETag']) {
    response.writeHead(304, asset.headers).end();
    return;
  }
  response.writeHead(200, { ...asset.headers, 'Content-Length': String(asset.size) });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // pipeline destroys the response when the file cannot be read or the client has gone: the client sees the cut.
  pipeline(createReadStream(asset.file), response, () => undefined);
}
