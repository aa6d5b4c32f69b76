import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { createApiKey } from '../commands/api-key/create-api-key';
import { revokeApiKey } from '../commands/api-key/revoke-api-key';
import { rotateApiKey } from '../commands/api-key/rotate-api-key';
import { presentApiKey } from '../presenters/present-api-key';
import { CreateApiKeyInput, RevokeApiKeyInput, RotateApiKeyInput } from '../schema/inputs/api-key-inputs';
import { ApiKeyPayload, CreateApiKeyPayload, RotateApiKeyPayload } from '../schema/payloads/agent-payloads';
import { answer, inputId, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class ApiKeyMutations {
  @Mutation(() => CreateApiKeyPayload, {
    nullable: true,
    description:
      "Creates a server-to-server credential: with `agentId` for that agent's AI runtime, else for your back end. Staff only. `secret` is shown this once.",
  })
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, INPUT) input: CreateApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApiKeyPayload> {
    return answer(
      async () => {
        const ids = {
          workspaceId: inputId('workspace', input.workspaceId, 'workspaceId'),
          agentId: optionalInputId('agent', input.agentId, 'agentId'),
        };
        return createApiKey(context.app.database, signedIn(context), { ...input, ...ids });
      },
      (value) => ({ apiKey: value && presentApiKey(value.apiKey), secret: value?.secret ?? null }),
    );
  }

  @Mutation(() => RotateApiKeyPayload, {
    nullable: true,
    description:
      'Gives a key another secret; id, name and scopes stay. Both secrets work until the overlap is over, so that nothing stops while you roll the new one out. Staff only. `secret` is shown this once.',
  })
  async rotateApiKey(
    @Arg('input', () => RotateApiKeyInput, INPUT) input: RotateApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<RotateApiKeyPayload> {
    return answer(
      async () => {
        const id = inputId('apiKey', input.id, 'id');
        return rotateApiKey(context.app.database, signedIn(context), { ...input, id });
      },
      (value) => ({ apiKey: value && presentApiKey(value.apiKey), secret: value?.secret ?? null }),
    );
  }

  @Mutation(() => ApiKeyPayload, {
    nullable: true,
    description: 'Ends a key for good; requests with it are refused from then on. Staff only.',
  })
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, INPUT) input: RevokeApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<ApiKeyPayload> {
    return answer(
      async () => revokeApiKey(context.app.database, signedIn(context), { id: inputId('apiKey', input.id, 'id') }),
      (value) => ({ apiKey: value && presentApiKey(value) }),
    );
  }
}
