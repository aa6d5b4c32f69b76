import { defineEnum } from './define-enum';

export const WorkspaceRole = defineEnum('WorkspaceRole', 'What a person on the staff of a workspace is.', {
  OWNER: 'Runs the workspace: may do all that an ADMIN may, and decides who else is on the staff.',
  ADMIN: 'Acts for the workspace: holds every permission in all its organizations.',
});
export type WorkspaceRole = keyof typeof WorkspaceRole;

export const Permission = defineEnum(
  'Permission',
  'What a member of an organization may do. Staff of the workspace hold every permission in all its organizations.',
  {
    VIEW_CONVERSATIONS: 'Read conversations and subscribe to them, without writing.',
    HANDLE_CONVERSATIONS:
      'Be an operator: accept handoffs, take over, write, hand back to the AI and answer inquiries.',
    MANAGE_AGENT_SETTINGS: 'Change the settings of agents. A member without it cannot enable handoff.',
    MANAGE_MEMBERS: 'Create, invite, change and disable members of the same organization.',
    MANAGE_ORGANIZATION: 'Change the organization itself: name, language, time zone, brand.',
  },
);
export type Permission = keyof typeof Permission;
