import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

// One class for the table and the API type, as the TypeORM example of type-graphql has it.

@Entity('textbook_actors')
@ObjectType()
export class TextbookActor {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  id!: string;

  @Column('text')
  @Field(() => String)
  displayName!: string;

  @Column('text', { nullable: true })
  @Index({ unique: true })
  token!: string | null;
}

@Entity('textbook_conversations')
@Index(['organizationId', 'status', 'lastMessageAt'])
@ObjectType()
export class TextbookConversation {
  @PrimaryColumn('uuid')
  @Field(() => ID)
  id!: string;

  @Column('uuid')
  organizationId!: string;

  @Column('text')
  @Field(() => String)
  status!: string;

  @Column('text')
  @Field(() => String)
  controller!: string;

  @Column('integer', { default: 0 })
  @Field(() => Int)
  lastSequence!: number;

  @Column('timestamptz')
  @Field(() => Date)
  lastMessageAt!: Date;

  @Column('uuid')
  visitorId!: string;

  @ManyToOne(() => TextbookActor)
  @JoinColumn({ name: 'visitorId' })
  visitor!: TextbookActor;

  @Column('uuid')
  operatorId!: string;

  @ManyToOne(() => TextbookActor)
  @JoinColumn({ name: 'operatorId' })
  operator!: TextbookActor;

  @Column('uuid')
  agentId!: string;

  @ManyToOne(() => TextbookActor)
  @JoinColumn({ name: 'agentId' })
  agent!: TextbookActor;
}

@Entity('textbook_messages')
@Index(['conversationId', 'sequence'], { unique: true })
@Index(['conversationId', 'clientNonce'], { unique: true })
@ObjectType()
export class TextbookMessage {
  @PrimaryGeneratedColumn('uuid')
  @Field(() => ID)
  id!: string;

  @Column('uuid')
  conversationId!: string;

  @ManyToOne(() => TextbookConversation)
  @JoinColumn({ name: 'conversationId' })
  conversation!: TextbookConversation;

  @Column('integer')
  @Field(() => Int)
  sequence!: number;

  @Column('text')
  @Field(() => String)
  kind!: string;

  @Column('text')
  @Field(() => String)
  authorKind!: string;

  @Column('uuid')
  authorId!: string;

  @ManyToOne(() => TextbookActor)
  @JoinColumn({ name: 'authorId' })
  @Field(() => TextbookActor, { nullable: true })
  author!: TextbookActor;

  @Column('text')
  @Field(() => String)
  text!: string;

  @Column('text', { nullable: true })
  clientNonce!: string | null;

  @Column('timestamptz')
  @Field(() => Date)
  createdAt!: Date;
}

/** The row that lets a consumer resume: what Baton writes beside each message, and what its promise is compared with. */
@Entity('textbook_outbox')
export class TextbookOutbox {
  @PrimaryGeneratedColumn('increment', { type: 'bigint' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('jsonb')
  payload!: object;

  @Column('timestamptz', { default: () => 'now()' })
  occurredAt!: Date;
}

@ObjectType()
export class TextbookEvent {
  @Field(() => String)
  cursor!: string;

  @Field(() => TextbookMessage)
  message!: TextbookMessage;
}

@InputType()
export class TextbookSendInput {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => String)
  clientNonce!: string;

  @Field(() => String)
  text!: string;
}
