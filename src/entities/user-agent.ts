import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One agent that a limited member may handle. */
@Entity('user_agents')
export class UserAgent {
  @Column('uuid')
  workspaceId!: string;

  @PrimaryColumn('uuid')
  userId!: string;

  @PrimaryColumn('uuid')
  agentId!: string;
}
