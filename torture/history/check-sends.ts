import { groupBy } from './group-by';
import type { MessageRow } from './final-state';
import type { Breach, History, SendRecord } from './history';

/** What senders were told against what is written. */
export function checkSends({ sends, final }: History): Breach[] {
  const byId = new Map(final.messages.map((message) => [message.id, message]));
  const byNonce = groupBy(
    final.messages.filter(({ nonce }) => nonce !== null),
    nonceOf,
  );
  const doubled = [...byNonce.values()]
    .filter((messages) => messages.length > 1)
    .map(([first, second]): Breach => {
      const detail = `nonce ${first?.nonce ?? ''} is written twice: messages ${first?.id ?? ''} and ${second?.id ?? ''}`;
      return { kind: 'DOUBLED', detail };
    });
  return [...doubled, ...checkTexts(final.messages), ...sends.flatMap((send) => checkSend(send, byId, byNonce))];
}

function nonceOf({ conversationId, authorKind, authorId, nonce }: MessageRow | SendRecord): string {
  return [conversationId, authorKind, authorId ?? '', nonce ?? ''].join(' ');
}

/** Clients never say the same twice, so the same text again is a retry that was not recognised. */
function checkTexts(messages: readonly MessageRow[]): Breach[] {
  const nonces = messages.filter(({ kind, nonce }) => kind === 'TEXT' && nonce !== null);
  const byText = groupBy(nonces, ({ conversationId, authorKind, text }) => `${conversationId} ${authorKind} ${text}`);
  return [...byText.values()]
    .filter((same) => same.length > 1 && new Set(same.map(nonceOf)).size > 1 && same[0]?.authorKind !== 'AI')
    .map((same) => ({
      kind: 'DOUBLED',
      detail: `the text “${same[0]?.text ?? ''}” is written under ${same.length} nonces`,
    }));
}

function checkSend(
  send: SendRecord,
  byId: ReadonlyMap<string, MessageRow>,
  byNonce: ReadonlyMap<string, readonly MessageRow[]>,
): Breach[] {
  const what = `“${send.text}” (nonce ${send.nonce}, conversation ${send.conversationId})`;
  if (send.outcome.kind === 'UNKNOWN') return [];
  if (send.outcome.kind === 'REFUSED') {
    if (!byNonce.has(nonceOf(send))) return [];
    return [
      { kind: 'REFUSED_BUT_WRITTEN', detail: `${what} was refused with ${send.outcome.codes.join()} and is written` },
    ];
  }
  const { messageId, sequence } = send.outcome;
  const row = byId.get(messageId);
  if (row === undefined)
    return [{ kind: 'LOST', detail: `${what} was acknowledged as ${messageId}, which is not there` }];
  if (row.text === send.text && row.sequence === sequence && nonceOf(row) === nonceOf(send)) return [];
  return [{ kind: 'LOST', detail: `${what} was acknowledged as message ${sequence}, and that one says “${row.text}”` }];
}
