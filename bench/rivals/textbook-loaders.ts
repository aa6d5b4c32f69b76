import DataLoader from 'dataloader';
import { type DataSource, In } from 'typeorm';
import { TextbookActor, TextbookConversation, TextbookMessage } from './textbook-types';

/** Made for each request, as the documentation of Apollo Server advises against a statement for each row. */
export class TextbookLoaders {
  readonly actors = new DataLoader<string, TextbookActor>(async (ids) => {
    const rows = await this.source.getRepository(TextbookActor).findBy({ id: In([...ids]) });
    return inOrder(ids, rows, (row) => row.id);
  });

  readonly lastMessages = new DataLoader<string, TextbookMessage>(async (conversationIds) => {
    const rows = await this.source
      .getRepository(TextbookMessage)
      .createQueryBuilder('message')
      .innerJoin(
        TextbookConversation,
        'conversation',
        'conversation.id = message.conversationId and conversation.lastSequence = message.sequence',
      )
      .leftJoinAndSelect('message.author', 'author')
      .where('conversation.id in (:...ids)', { ids: conversationIds })
      .getMany();
    return inOrder(conversationIds, rows, (row) => row.conversationId);
  });

  constructor(private readonly source: DataSource) {}
}

function inOrder<Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): (Row | Error)[] {
  const found = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => found.get(id) ?? new Error(`There is no ${id}.`));
}
