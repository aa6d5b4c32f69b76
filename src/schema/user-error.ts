import { Field, ObjectType } from 'type-graphql';
import { defineEnum } from './define-enum';

export const UserErrorCode = defineEnum(
  'UserErrorCode',
  'Why a mutation was refused. Decide by the code and never by the message; treat a code that you do not know like INVALID.',
  {
    INVALID: 'A value breaks a rule: `path` names the input field and `message` says what to correct.',
    NOT_FOUND: 'An id in the input names nothing that the caller may see. Load the list again.',
    FORBIDDEN:
      'The caller sees the object and may not do this to it. Hide the action, or ask an administrator for the permission.',
    CONFLICT:
      'The value is taken already, for example a slug, an e-mail address, or a file by another message. Offer to choose another.',
    LIMIT_EXCEEDED:
      'A limit on number or size is reached. Remove something, make the value smaller, or wait where `message` says so.',
    UNSAFE_URL:
      'The address leads into a private network, cannot be found, or is not https. Choose one that everybody can reach.',
    IDEMPOTENCY_MISMATCH: 'The nonce or key was used before for different content. Make a new one for each new action.',
    INVALID_CREDENTIALS: 'The e-mail address, the password or the token is wrong. It is never said which of them.',
    TOKEN_EXPIRED: 'The token was right once and is too old or used up. Start again to get a new one.',
    ALREADY_CLAIMED:
      'Another operator was faster. The payload carries the handoff as it is now, with the winner in `acceptedBy`.',
    OPERATOR_UNAVAILABLE:
      'This person cannot have the conversation now: not online, or not one who may handle the agent. Choose somebody else, or the team.',
    STALE_CONTROL_EPOCH: 'Control moved since the epoch that was sent. Drop the reply and read the conversation again.',
    STALE_VERSION:
      'Somebody else saved in between. Load the object, show the difference, and save with the new `version`.',
    INVALID_TRANSITION:
      'The present state does not allow this step. Read the conversation again: `viewerCan` says what is possible.',
    HANDOFF_NOT_OFFERED:
      'A handoff cannot be asked for at the moment: `handoffOffer.reason` says why. Offer the inquiry form if `inquiryAvailable`.',
    AGENT_NOT_IN_ORGANIZATION: 'The setting needs an agent that is assigned to an organization. Assign it first.',
    NO_PUSH_SUBSCRIPTION: 'You have no browser that gets push. Register one with `registerPushSubscription` first.',
    MAIL_NOT_CONFIGURED: 'This server has no mail server to send by. Tell whoever runs it.',
    NO_MAIL_ADDRESS:
      'There is no address of the visitor that may be written to. A verified one, or that of an inquiry that was answered, always may.',
  },
);
export type UserErrorCode = keyof typeof UserErrorCode;

@ObjectType('UserError', {
  description: 'A refusal that a person can understand and do something about. Faults of the server never appear here.',
})
export class UserError {
  @Field(() => UserErrorCode, { description: 'What went wrong, for programs: codes keep their meaning.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'What went wrong, in English, for people. The wording may change.' })
  message!: string;

  @Field(() => [String], {
    description:
      'The way from `input` to the field at fault, for example ["announcements", "accepted"]. Empty when no single field is.',
  })
  path!: string[];
}

/** Declares `userErrors` in the same words on every payload. */
export function UserErrorsField(): PropertyDecorator {
  return Field(() => [UserError], {
    description: 'Why nothing was changed. Empty when the mutation did what was asked.',
  });
}
