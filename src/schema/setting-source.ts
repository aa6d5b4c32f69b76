import { defineEnum } from './define-enum';

export const SettingSource = defineEnum(
  'SettingSource',
  'Where a value came from: the first of these who has set it. Each value is looked for by itself.',
  {
    MEMBER: "The person's own choice, also of somebody of the staff.",
    AGENT: 'It is set on the agent.',
    ORGANIZATION: 'It is set on the organization.',
    DEFAULT: 'Nobody has set it: the default of the server.',
  },
);
export type SettingSource = keyof typeof SettingSource;
