import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './read-body';

export const TURN_OFF_PATH = '/mail/turn-off/';

/** What the link in a mail leads to. Each answers the page to show; `isKnown` is false for a token that nobody gave out. */
export interface TurnOff {
  /** Asks whether to turn the mails off, and changes nothing: scanners follow every link of a mail. */
  ask(token: string): Promise<TurnOffPage>;
  turnOff(token: string): Promise<TurnOffPage>;
}

export interface TurnOffPage {
  readonly isKnown: boolean;
  readonly html: string;
}

const MAX_BODY_BYTES = 4096;

/**
 * RFC 8058: a mail program posts `List-Unsubscribe=One-Click` without cookies, without a person and without following
 * redirects, as a form of either kind. The page has a form that posts the same.
 */
export async function answerTurnOff(
  pages: TurnOff,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      show(response, await pages.ask(token));
      return;
    case 'POST':
      if (isOneClick(await readBody(request, MAX_BODY_BYTES))) show(response, await pages.turnOff(token));
      else end(response, 400, 'text/plain', 'Send List-Unsubscribe=One-Click.');
      return;
    default:
      response.setHeader('Allow', 'GET, HEAD, POST');
      end(response, 405, 'text/plain', 'Open this address with GET, or send List-Unsubscribe=One-Click by POST.');
  }
}

function isOneClick(body: Buffer): boolean {
  const text = body.toString('latin1');
  const isInForm = /name="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\s/i.test(text);
  return isInForm || new URLSearchParams(text.trim()).get('List-Unsubscribe') === 'One-Click';
}

function show(response: ServerResponse, { isKnown, html }: TurnOffPage): void {
  end(response, isKnown ? 200 : 404, 'text/html', html);
}

function end(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  // The address of the page is a secret of its reader: nowhere else may it be told, kept or framed.
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Robots-Tag', 'noindex');
  response.setHeader(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  response.end(text);
}
