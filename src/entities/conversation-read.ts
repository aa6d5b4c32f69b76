import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far one reader (a user or the visitor) has read a conversation. */
@Entity('conversation_reads')
export class ConversationRead {
  @Column('uuid')
  workspaceId!: string;

  @PrimaryColumn('uuid')
  conversationId!: string;

  @PrimaryColumn('uuid')
  readerId!: string;

  @Column('integer')
  sequence!: number;
}
