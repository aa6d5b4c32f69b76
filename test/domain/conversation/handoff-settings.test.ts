import { DEFAULT_ANNOUNCEMENTS, fillAnnouncement } from '../../../src/domain/conversation/handoff-settings';

const names = { operator: 'Oscar', agent: 'Ada' };

describe('fillAnnouncement', () => {
  it.each([
    ['{operator} helps, {agent} rests.', 'Oscar helps, Ada rests.'],
    ['{operator}, {operator}: {agent}{agent}', 'Oscar, Oscar: AdaAda'],
    ['No names.', 'No names.'],
    ['{visitor} {Operator} { agent } {operator', '{visitor} {Operator} { agent } {operator'],
    ['{{operator}}', '{Oscar}'],
  ])('makes of %j: %j', (template, expected) => {
    expect(fillAnnouncement(template, names)).toBe(expected);
  });

  it.each([
    ['We answer {nextOpening}.', 'Monday at nine', 'We answer Monday at nine.'],
    ['We answer {nextOpening}.', null, 'We answer.'],
    ['{nextOpening}', '{agent}', '{agent}'],
  ])('makes of %j, next open %j: %j', (template, nextOpening, expected) => {
    expect(fillAnnouncement(template, { ...names, nextOpening })).toBe(expected);
  });

  it.each(['{agent}', '$&', "$'", '$1', '\\{agent}'])('inserts the name %j as it is', (operator) => {
    expect(fillAnnouncement('{operator} | {agent}', { operator, agent: 'Ada' })).toBe(`${operator} | Ada`);
  });
});

describe('the default announcements', () => {
  it('leave no placeholder behind', () => {
    for (const text of Object.values(DEFAULT_ANNOUNCEMENTS)) {
      expect(fillAnnouncement(text, names)).not.toMatch(/[{}]/);
    }
  });
});
