import type { OutgoingMail } from '../../../src/delivery/mail/outgoing-mail';

/** A plain mail; each test changes the one field that it is about. */
export function exampleMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: '<delivery-1@baton.test>',
    from: { name: 'Acme Support', address: 'support@acme.test' },
    to: { name: 'Olga Operator', address: 'olga@acme.test' },
    subject: 'A visitor waits',
    text: 'Hello Olga\n',
    html: '<p>Hello Olga</p>',
    ...changes,
  };
}
