import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { assignAgent } from '../commands/agent/assign-agent';
import { createAgent } from '../commands/agent/create-agent';
import { rotateIdentitySecret } from '../commands/agent/rotate-identity-secret';
import { setAgentResponder } from '../commands/agent/set-agent-responder';
import { updateAgent } from '../commands/agent/update-agent';
import { updateAgentHandoff } from '../commands/agent/update-agent-handoff';
import type { Agent as AgentRow } from '../entities/agent';
import { presentAgent } from '../presenters/present-agent';
import {
  AssignAgentInput,
  CreateAgentInput,
  RotateIdentitySecretInput,
  SetAgentResponderInput,
  UpdateAgentHandoffInput,
  UpdateAgentInput,
} from '../schema/inputs/agent-inputs';
import { AgentPayload, RotateIdentitySecretPayload } from '../schema/payloads/agent-payloads';
import { ladderOf } from './ladder-input';
import { answer, inputId, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

const INPUT = { description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.' };

@Resolver()
export class AgentMutations {
  @Mutation(() => AgentPayload, {
    nullable: true,
    description: 'Creates an AI agent (a chat widget), with handoff switched off and no responder. Staff only.',
  })
  async createAgent(
    @Arg('input', () => CreateAgentInput, INPUT) input: CreateAgentInput,
    @Ctx() context: RequestContext,
  ): Promise<AgentPayload> {
    return answer(async () => {
      const ids = {
        workspaceId: inputId('workspace', input.workspaceId, 'workspaceId'),
        organizationId: optionalInputId('organization', input.organizationId, 'organizationId'),
      };
      return createAgent(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => AgentPayload, {
    nullable: true,
    description: 'Changes what is given and leaves the rest. Needs MANAGE_AGENT_SETTINGS.',
  })
  async updateAgent(
    @Arg('input', () => UpdateAgentInput, INPUT) input: UpdateAgentInput,
    @Ctx() context: RequestContext,
  ): Promise<AgentPayload> {
    return answer(async () => {
      const ids = { id: inputId('agent', input.id, 'id') };
      return updateAgent(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => AgentPayload, {
    nullable: true,
    description:
      'Assigns an agent to an organization, or with null takes it back to the workspace. Conversations that have begun stay where they are. Staff only.',
  })
  async assignAgent(
    @Arg('input', () => AssignAgentInput, INPUT) input: AssignAgentInput,
    @Ctx() context: RequestContext,
  ): Promise<AgentPayload> {
    return answer(async () => {
      const ids = {
        agentId: inputId('agent', input.agentId, 'agentId'),
        organizationId: optionalInputId('organization', input.organizationId ?? null, 'organizationId'),
      };
      return assignAgent(context.app.database, signedIn(context), ids);
    }, payload);
  }

  @Mutation(() => AgentPayload, {
    nullable: true,
    description:
      'Switches handoff on or off and sets how it is offered. Needs MANAGE_AGENT_SETTINGS; staff always may.',
  })
  async updateAgentHandoff(
    @Arg('input', () => UpdateAgentHandoffInput, INPUT) input: UpdateAgentHandoffInput,
    @Ctx() context: RequestContext,
  ): Promise<AgentPayload> {
    return answer(async () => {
      const ids = { agentId: inputId('agent', input.agentId, 'agentId'), escalation: ladderOf(input.escalation) };
      return updateAgentHandoff(context.app.database, signedIn(context), { ...input, ...ids });
    }, payload);
  }

  @Mutation(() => AgentPayload, {
    nullable: true,
    description:
      "Says who writes the agent's replies. Needs MANAGE_AGENT_SETTINGS. The secret is kept, never returned.",
  })
  async setAgentResponder(
    @Arg('input', () => SetAgentResponderInput, INPUT) input: SetAgentResponderInput,
    @Ctx() context: RequestContext,
  ): Promise<AgentPayload> {
    return answer(async () => {
      const ids = { agentId: inputId('agent', input.agentId, 'agentId') };
      return setAgentResponder(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
    }, payload);
  }

  @Mutation(() => RotateIdentitySecretPayload, {
    nullable: true,
    description:
      'Makes the secret that your back end signs visitors’ identity tokens with, the first one or the next. The former one counts until the overlap is over. Needs MANAGE_AGENT_SETTINGS. `secret` is shown this once.',
  })
  async rotateIdentitySecret(
    @Arg('input', () => RotateIdentitySecretInput, INPUT) input: RotateIdentitySecretInput,
    @Ctx() context: RequestContext,
  ): Promise<RotateIdentitySecretPayload> {
    return answer(
      async () => {
        const ids = { agentId: inputId('agent', input.agentId, 'agentId') };
        return rotateIdentitySecret(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
      },
      (value) => ({ ...payload(value?.agent ?? null), secret: value?.secret ?? null }),
    );
  }
}

function payload(row: AgentRow | null): Pick<AgentPayload, 'agent'> {
  return { agent: row && presentAgent(row) };
}
