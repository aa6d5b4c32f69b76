import { createCannedAnswer } from '../../../src/commands/canned-answer/create-canned-answer';
import { deleteCannedAnswer } from '../../../src/commands/canned-answer/delete-canned-answer';
import { updateCannedAnswer } from '../../../src/commands/canned-answer/update-canned-answer';
import { accepted } from '../identity/open-database';
import { as, by, made, type Prepare, type Scene } from './audited-commands';

const CANNED = { title: 'Refund', shortcut: '/refund', text: 'words of the manager' };

async function canned({ database, world }: Scene): Promise<string> {
  const input = { organizationId: world.organization.id, ...CANNED };
  return accepted(await createCannedAnswer(database, world.manager.principal, input)).id;
}

/** By command: canned answers. */
export const CANNED_ANSWERS: Record<string, Prepare> = {
  createCannedAnswer: (s) => {
    const input = { organizationId: s.world.organization.id, ...CANNED };
    return made(() => createCannedAnswer(s.database, as(s, 'manager'), input), {
      action: 'CANNED_ANSWER_CREATED',
      ...by(s, 'manager'),
      fields: ['title', 'shortcut', 'text'],
    });
  },
  updateCannedAnswer: async (s) => {
    const id = await canned(s);
    return {
      act: () => updateCannedAnswer(s.database, as(s, 'manager'), { id, title: 'Refund', text: 'words of theirs' }),
      entry: () => ({ action: 'CANNED_ANSWER_UPDATED', ...by(s, 'manager'), subjectId: id, fields: ['text'] }),
    };
  },
  deleteCannedAnswer: async (s) => {
    const id = await canned(s);
    return {
      act: () => deleteCannedAnswer(s.database, as(s, 'manager'), { id }),
      entry: () => ({
        action: 'CANNED_ANSWER_DELETED',
        ...by(s, 'manager'),
        subjectId: id,
        fields: ['title', 'shortcut'],
      }),
    };
  },
};
