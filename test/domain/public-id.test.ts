import fc from 'fast-check';
import {
  decodeAnyPublicId,
  decodePublicId,
  encodePublicId,
  type PublicIdType,
  publicIdTypes,
} from '../../src/domain/public-id';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const digits = '01890a5dac96774bbcceb302099a8057';

const prefixes: Record<PublicIdType, string> = {
  workspace: 'ws_',
  organization: 'org_',
  user: 'usr_',
  agent: 'agt_',
  visitor: 'vis_',
  conversation: 'conv_',
  message: 'msg_',
  attachment: 'att_',
  handoff: 'hnd_',
  note: 'note_',
  cannedAnswer: 'cans_',
  inquiry: 'inq_',
  inquiryAnswer: 'ians_',
  notification: 'ntf_',
  delivery: 'dlv_',
  pushSubscription: 'psh_',
  session: 'ses_',
  apiKey: 'key_',
  invitation: 'inv_',
  turn: 'turn_',
  auditEntry: 'aud_',
};

const anyType = fc.constantFrom(...publicIdTypes);

describe('decodePublicId', () => {
  test.each([
    ['nothing', ''],
    ['the prefix alone', 'conv_'],
    ['another prefix', `msg_${digits}`],
    ['no prefix', digits],
    ['a prefix in upper case', `CONV_${digits}`],
    ['digits in upper case', `conv_${digits.toUpperCase()}`],
    ['a digit too few', `conv_${digits.slice(1)}`],
    ['a digit too many', `conv_${digits}0`],
    ['a letter that is no hex digit', `conv_${digits.slice(1)}g`],
    ['a UUID with hyphens', `conv_${uuid}`],
    ['a space behind it', `conv_${digits} `],
    ['a space before it', ` conv_${digits}`],
    ['a line break behind it', `conv_${digits}\n`],
    ['a NUL behind it', `conv_${digits}\0`],
    ['digits that only look like it', `conv_${digits.slice(1)}\uff11`],
  ])('gives null for %s', (_what, text) => {
    expect(decodePublicId('conversation', text)).toBeNull();
    expect(decodeAnyPublicId(text)?.type).not.toBe('conversation');
  });

  test('gives null for an id of any other type', () => {
    fc.assert(
      fc.property(anyType, anyType, fc.uuid(), (type, other, id) => {
        fc.pre(type !== other);
        expect(decodePublicId(other, encodePublicId(type, id))).toBeNull();
      }),
    );
  });

  test('gives null for any text that it would not write itself', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom(...Object.values(prefixes)), fc.stringMatching(/^[0-9a-fA-F]{31,33}$/))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, anyType, (candidate, type) => {
        const decoded = decodePublicId(type, candidate);
        expect(decoded === null || encodePublicId(type, decoded) === candidate).toBe(true);
      }),
    );
  });

  test('gives back the UUID that was encoded', () => {
    fc.assert(
      fc.property(anyType, fc.uuid(), (type, id) => {
        expect(decodePublicId(type, encodePublicId(type, id))).toBe(id);
        expect(decodeAnyPublicId(encodePublicId(type, id))).toEqual({ type, uuid: id });
      }),
    );
  });
});

describe('decodeAnyPublicId', () => {
  test.each(['', 'conv_', `xyz_${digits}`, `__proto___${digits}`, digits, uuid])('gives null for %j', (text) => {
    expect(decodeAnyPublicId(text)).toBeNull();
  });
});

describe('encodePublicId', () => {
  test.each(['', digits, uuid.toUpperCase(), `${uuid}\n`, 'not-a-uuid'])(
    'throws for %j, which is no lower-case UUID',
    (text) => {
      expect(() => encodePublicId('user', text)).toThrow(TypeError);
    },
  );

  test.each(Object.entries(prefixes))('writes a %s with the prefix %s', (type, prefix) => {
    expect(encodePublicId(type as PublicIdType, uuid)).toBe(prefix + digits);
  });

  test('knows exactly the types of the table', () => {
    expect([...publicIdTypes].sort()).toEqual(Object.keys(prefixes).sort());
  });
});
