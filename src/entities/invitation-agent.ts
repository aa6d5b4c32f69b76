import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One agent that the invited member will be limited to. */
@Entity('invitation_agents')
export class InvitationAgent {
  @Column('uuid')
  workspaceId!: string;

  @PrimaryColumn('uuid')
  invitationId!: string;

  @PrimaryColumn('uuid')
  agentId!: string;
}
