import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Principal } from '../domain/actor';
import type { Render } from '../realtime/backlog';
import { EventFeed } from '../realtime/event-feed';
import type { Log } from '../realtime/log';
import type { MemberSink } from '../realtime/member';
import type { StreamGroups, Viewing } from '../realtime/stream-groups';
import { accessScopeOf } from './access-scope';
import type { PlannedOperation } from './document-cache';
import { ExecutedStream } from './executed-stream';
import type { Gate } from './gate';
import { ParkedStream } from './parked-stream';
import { renderEvents } from './render-events';
import { socketRequestId } from './request-id';
import { CLOSE, type SocketPeer } from './socket-peer';

/** One operation on its way from `subscribe` into a group. */
export interface SocketOperation {
  readonly peer: SocketPeer;
  readonly principal: Principal;
  /** What the client calls it. */
  readonly id: string;
  readonly operation: PlannedOperation;
}

export interface SharedStreamsOptions {
  readonly schema: GraphQLSchema;
  readonly gate: Pick<Gate, 'formatError'>;
  readonly groups: StreamGroups;
  readonly log: Log;
  readonly createRenderContext: (principal: Principal) => object;
}

/** Takes subscriptions to events out of the hands of graphql-ws: they are authorized one by one, and served in groups. */
export class SharedStreams {
  constructor(private readonly options: SharedStreamsOptions) {}

  /** Authorizes the subscription. A feed is served by its group from then on; any other stream is executed for itself. */
  async open(args: ExecutionArgs, from: SocketOperation): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
    const { groups, log } = this.options;
    const source = await createSourceEventStream(args);
    if (!isAsyncIterable(source)) return source;
    if (!(source instanceof EventFeed)) {
      return new ExecutedStream(source, args, (error) => {
        const requestId = requestIdOf(from);
        log.error({ err: error, requestId }, 'an event could not be executed; its socket is closed and comes back');
        from.peer.close(CLOSE.tryAgain, 'Try again later.');
      });
    }
    const stream = new ParkedStream();
    const viewing = new OperationViewing(source, args.variableValues ?? {}, from, this.options);
    stream.membership = groups.join(viewing, new PeerSink(from.peer, stream), from.id, requestIdOf(from));
    // graphql-ws keeps the arguments as long as the subscription, and nobody asks for the context any more.
    args.contextValue = undefined;
    return stream;
  }
}

/** It lasts as long as the subscription, of which there are thousands: it keeps no text that it can make again. */
class OperationViewing implements Viewing {
  constructor(
    readonly feed: EventFeed,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly from: SocketOperation,
    private readonly options: SharedStreamsOptions,
  ) {}

  isPersonal(): boolean {
    return this.from.operation.isPersonal;
  }

  becomePersonal(): void {
    this.from.operation.isPersonal = true;
  }

  keyOf(isPersonal: boolean): string {
    const { operation, principal } = this.from;
    const { scope, names, agentIds } = this.feed.options;
    const asked = JSON.stringify([operation.number, toldVariables(operation, this.variables), scope, names, agentIds]);
    return `${asked} ${accessScopeOf(principal, isPersonal)}`;
  }

  renderFor(isPersonal: boolean): Render {
    const { schema, gate, createRenderContext } = this.options;
    const { operation, principal } = this.from;
    return renderEvents(
      { schema, gate, createRenderContext, operation, variables: this.variables, principal },
      isPersonal,
    );
  }
}

/** Made where it is told: a variable of `open` would be kept as long as the subscription. */
function requestIdOf({ peer, id }: SocketOperation): string {
  return socketRequestId(peer.id, id);
}

/** Those that the result may depend on. One that was left out differs from one that is null: it may have a default. */
function toldVariables({ node, cursorVariables }: PlannedOperation, variables: Readonly<Record<string, unknown>>) {
  return (node.variableDefinitions ?? [])
    .map((definition) => definition.variable.name.value)
    .filter((name) => !cursorVariables.has(name) && Object.hasOwn(variables, name))
    .map((name) => [name, variables[name]]);
}

function isAsyncIterable(source: ExecutionResult | AsyncIterable<unknown>): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source;
}

class PeerSink implements MemberSink {
  constructor(
    private readonly peer: SocketPeer,
    private readonly stream: ParkedStream,
  ) {}

  get isOpen(): boolean {
    return this.peer.isOpen;
  }

  get isBlocked(): boolean {
    return this.peer.isBlocked;
  }

  write(frames: Buffer): void {
    this.peer.writeFrames(frames);
  }

  onceWritable(listener: () => void): void {
    this.peer.onceWritable(listener);
  }

  tooSlow(): void {
    this.close(CLOSE.tooSlow, 'You read too slowly: reconnect and resume.');
  }

  failed(): void {
    this.close(CLOSE.tryAgain, 'Try again later.');
  }

  end(): void {
    this.stream.end();
  }

  /** The socket first: a client that saw the stream complete would not come back. */
  private close(code: number, reason: string): void {
    this.peer.close(code, reason);
    this.stream.end();
  }
}
