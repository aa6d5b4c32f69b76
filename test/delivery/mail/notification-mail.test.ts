import { loadCatalogue } from '../../../src/delivery/mail/catalogue';
import { notificationMailTitle } from '../../../src/delivery/mail/notification-mail';

const catalogue = loadCatalogue({ directory: null, log: () => undefined });

describe('notificationMailTitle', () => {
  test.each([
    ['HANDOFF_REQUESTED', 'Vera', null, 'de', 'Vera möchte mit einem Menschen sprechen'],
    ['HANDOFF_REQUESTED', 'Vera', 'Ava', 'fr', 'Ava demande une personne pour Vera'],
    ['HANDOFF_REQUESTED', '', '', 'en', 'The AI asks for a person for A visitor'],
    ['INQUIRY_SUBMITTED', 'Vera {agent}\n$&', null, 'es', 'Vera {agent} $& dejó una consulta'],
  ] as const)('%s of %j, asked by %j, in %s', (kind, visitorName, agentName, language, title) => {
    expect(notificationMailTitle(catalogue.textsFor(language), kind, { visitorName, agentName })).toBe(title);
  });
});
