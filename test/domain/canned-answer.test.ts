import {
  canonicalShortcut,
  checkCannedText,
  checkShortcut,
  fillPlaceholders,
  PLACEHOLDERS,
  type PlaceholderValues,
} from '../../src/domain/canned-answer';
import { MAX_MESSAGE_CODE_POINTS } from '../../src/domain/conversation/message-text';

const VALUES: PlaceholderValues = {
  'visitor.name': 'Vera',
  'operator.name': 'Ada',
  'agent.name': 'Fern',
  'organization.name': 'Shoes & Co',
};

describe('checkCannedText', () => {
  it.each([
    'Hi {{visitor.email}}',
    'Hi {{ }}',
    'Hi {{constructor}}',
    'Hi {{VISITOR.NAME}}',
    'Hi {{visitor.name',
    'Hi {{visitor.name|{{agent.name}}}}',
    'Hi {{#if visitor}}',
    '  ',
    'x'.repeat(4001),
    '{{agent.name}}'.repeat(21),
  ])('refuses %p at `text`', (text) => {
    const [refusal, ...others] = checkCannedText(text, 'text');
    expect(refusal).toMatchObject({ code: 'INVALID', path: ['text'] });
    expect(others).toEqual([]);
  });

  it.each(['Hello', 'a } b }} c { d', '{{visitor.name}}', '{{ visitor.name | there }}', '{{agent.name}}'.repeat(20)])(
    'takes %p',
    (text) => {
      expect(checkCannedText(text, 'text')).toEqual([]);
    },
  );
});

describe('fillPlaceholders', () => {
  it('puts each value in its place', () => {
    const text = PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ');
    expect(fillPlaceholders(text, VALUES)).toEqual({ text: 'Vera, Ada, Fern, Shoes & Co', missing: [] });
    expect(fillPlaceholders('{{ visitor.name |there}}!', VALUES).text).toBe('Vera!');
  });

  it('puts the text instead where there is no value, or nothing, and tells what is missing once', () => {
    const values = { ...VALUES, 'visitor.name': null };
    expect(fillPlaceholders('Hi {{visitor.name|there}}', values)).toEqual({ text: 'Hi there', missing: [] });
    expect(fillPlaceholders('Hi{{visitor.name|}}', values)).toEqual({ text: 'Hi', missing: [] });
    const twice = fillPlaceholders('Hi {{visitor.name}}{{visitor.name}}, {{agent.name}}', values);
    expect(twice).toEqual({ text: 'Hi , Fern', missing: ['visitor.name'] });
  });

  it('takes a value for nothing but text: neither placeholders nor patterns nor markup in it are read', () => {
    const name = "{{operator.name}} $& $1 <b>&amp; $'";
    expect(fillPlaceholders('Hi {{visitor.name}}!', { ...VALUES, 'visitor.name': name }).text).toBe(`Hi ${name}!`);
  });

  it('makes no more of a text that is taken than a message may have, with the longest names', () => {
    const filler = 'x'.repeat(4000 - '{{agent.name}}'.length * 20);
    const text = `${filler}${'{{agent.name}}'.repeat(20)}`;
    expect(checkCannedText(text, 'text')).toEqual([]);
    const filled = fillPlaceholders(text, { ...VALUES, 'agent.name': '😀'.repeat(200) }).text;
    expect([...filled].length).toBeLessThanOrEqual(MAX_MESSAGE_CODE_POINTS);
  });
});

describe('a shortcut', () => {
  it.each(['refund', '/', '//', '/re fund', '/-a', `/${'x'.repeat(41)}`, '/a\nb', '/<b>'])(
    '%p is refused',
    (shortcut) => {
      expect(checkShortcut(shortcut, 'shortcut')).toMatchObject([{ code: 'INVALID', path: ['shortcut'] }]);
    },
  );

  it.each([
    ['/Refund', '/refund'],
    [' /a_b-1 ', '/a_b-1'],
    ['/U\u0308BER', '/über'],
  ])('%p is taken, whatever its case', (given, stored) => {
    expect(checkShortcut(given)).toEqual([]);
    expect(canonicalShortcut(given)).toBe(stored);
  });
});
