import type { AttachmentLink } from '../../src/domain/attachment/attachment-link';
import { createAttachmentTokens } from '../../src/identity/attachment-tokens';

const LINK: AttachmentLink = {
  kind: 'UPLOAD',
  workspaceId: '01890a5d-ac96-774b-bcce-b302099a8057',
  attachmentId: '01890a5d-ac96-774b-bcce-b302099a8058',
  byteSize: 26_214_400,
  expiresAt: new Date('2026-03-01T09:30:00Z'),
};
const tokens = createAttachmentTokens('secret');

describe('a token of an attachment', () => {
  it.each([
    '',
    'bat_au_',
    `bat_au_${'A'.repeat(96)}`,
    `bat_ad_${'A'.repeat(95)}`,
    `bat_ad_${'A'.repeat(97)}`,
    '\0',
    '%',
  ])('%j is none', (text) => expect(tokens.read(text)).toBeNull());

  it('says what it was made of, and nothing else after one bit of it has changed', () => {
    const token = tokens.of(LINK);
    expect(tokens.read(token)).toEqual(LINK);
    const bytes = Buffer.from(token.slice(7), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect([bit, tokens.read(`bat_au_${changed.toString('base64url')}`)]).toEqual([bit, null]);
    }
  });

  it('of one kind is none of the other, and of another installation none at all', () => {
    const token = tokens.of(LINK);
    expect(tokens.read(token.replace('bat_au_', 'bat_ad_'))).toBeNull();
    expect(createAttachmentTokens('another').read(token)).toBeNull();
    expect(tokens.read(tokens.of({ ...LINK, kind: 'DOWNLOAD' }))?.kind).toBe('DOWNLOAD');
  });
});
