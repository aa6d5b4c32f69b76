import { transcriptAddress } from '../../src/domain/transcript-address';

const TOLD = { displayName: 'Vera', email: 'told@example.com', isVerified: false };
const VERIFIED = { ...TOLD, isVerified: true };
const NOBODY = { displayName: null, email: null, isVerified: false };
const open = { email: 'open@example.com', name: null, isAnswered: false };
const answered = { email: 'answered@example.com', name: 'Ann', isAnswered: true };

describe('transcriptAddress', () => {
  it.each([
    ['anonymous, told an address', TOLD, [], null],
    ['anonymous, left an inquiry that nobody has answered', TOLD, [open], null],
    ['anonymous, left one that was answered', TOLD, [open, answered], 'answered@example.com'],
    ['verified', VERIFIED, [answered], 'told@example.com'],
    ['without any', NOBODY, [], null],
  ])('asked by a visitor who is %s', (_name, visitor, inquiries, email) => {
    expect(transcriptAddress(visitor, inquiries, true)?.email ?? null).toBe(email);
  });

  it.each([
    ['anonymous, told an address', TOLD, [], 'told@example.com'],
    ['anonymous, left an inquiry since', TOLD, [open, answered], 'open@example.com'],
    ['verified', VERIFIED, [open], 'told@example.com'],
    ['without any', NOBODY, [], null],
  ])('asked by an operator, of a visitor who is %s', (_name, visitor, inquiries, email) => {
    expect(transcriptAddress(visitor, inquiries, false)?.email ?? null).toBe(email);
  });

  it('greets by the name that was left with the address, else by that of the visitor', () => {
    expect(transcriptAddress(TOLD, [answered], true)?.name).toBe('Ann');
    expect(transcriptAddress(TOLD, [open], false)?.name).toBe('Vera');
  });
});
