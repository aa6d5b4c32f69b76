import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from './page-info';

/** An item of a list together with its place in it. */
export interface Edge<T extends object> {
  cursor: string;
  node: T;
}

/** Makes the class behind `<name>Edge`. */
export function edgeOf<T extends object>(name: string, node: () => ClassType<T>): ClassType<Edge<T>> {
  @ObjectType(`${name}Edge`, { description: `${withArticle(name)} in a list, with its place in that list.` })
  class EdgeClass implements Edge<T> {
    @Field(() => String, { description: 'Place of the item: send it as `after` or `before` to go on from there.' })
    cursor!: string;

    @Field(node, { description: 'The item itself.' })
    node!: T;
  }
  return EdgeClass;
}

/** One page of a list. `nodes` follows from `edges`. */
export interface Connection<T extends object> {
  edges: Edge<T>[];
  readonly nodes: T[];
  pageInfo: PageInfo;
}

/** A page of a list that can also say how long the list is. `countTotal` runs only when a client asks. */
export interface CountedConnection<T extends object> extends Connection<T> {
  countTotal: () => Promise<number>;
  readonly totalCount: Promise<number>;
}

/** Makes the classes behind `<name>Connection` and `<name>Edge`; build one with `Object.assign(new C(), { edges, pageInfo })`. */
export function connectionOf<T extends object>(name: string, node: () => ClassType<T>): ClassType<Connection<T>> {
  const edge = edgeOf(name, node);

  @ObjectType(`${name}Connection`, { description: `One page of a list of type ${name}.` })
  class ConnectionClass implements Connection<T> {
    @EdgesField(edge)
    edges!: Edge<T>[];

    @NodesField(node)
    get nodes(): T[] {
      return this.edges.map((each) => each.node);
    }

    @PageInfoField()
    pageInfo!: PageInfo;
  }
  return ConnectionClass;
}

/** As `connectionOf`, for lists with `totalCount`; `countTotal` has to be given too. */
export function countedConnectionOf<T extends object>(
  name: string,
  node: () => ClassType<T>,
): ClassType<CountedConnection<T>> {
  const edge = edgeOf(name, node);

  @ObjectType(`${name}Connection`, {
    description: `One page of a list of type ${name}. \`totalCount\` stops counting at 1000.`,
  })
  class CountedConnectionClass implements CountedConnection<T> {
    @EdgesField(edge)
    edges!: Edge<T>[];

    @NodesField(node)
    get nodes(): T[] {
      return this.edges.map((each) => each.node);
    }

    @PageInfoField()
    pageInfo!: PageInfo;

    countTotal!: () => Promise<number>;

    @Field(() => Int, {
      description: 'How many items the whole list has, with the filter applied. 1000 means 1000 or more: show "1000+".',
    })
    get totalCount(): Promise<number> {
      return this.countTotal();
    }
  }
  return CountedConnectionClass;
}

/** Declares `edges` in the same words on every connection. */
export function EdgesField<T extends object>(edge: ClassType<Edge<T>>): PropertyDecorator {
  return Field(() => [edge], { description: 'The items of this page, each with its cursor.' });
}

/** Declares `nodes` in the same words on every connection. Stands on a getter. */
export function NodesField<T extends object>(node: () => ClassType<T>): MethodDecorator {
  return Field(() => [node()], {
    description: 'The items of this page without cursors, in the same order as `edges`.',
  });
}

/** Declares `pageInfo` in the same words on every connection. */
export function PageInfoField(): PropertyDecorator {
  return Field(() => PageInfo, { description: 'Whether there are more pages, and how to ask for them.' });
}

function withArticle(name: string): string {
  return /^[AEIO]/.test(name) ? `An ${name}` : `A ${name}`;
}
