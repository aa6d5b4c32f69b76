import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a server, with the faults of a network. */
export interface CuttingProxy {
  readonly url: string;
  readonly cuts: number;
  /** Asked once for each connection: after how many bytes from the server it is cut. Infinity: never. */
  cutAfter: () => number;
  /**
   * Connections stay, and nothing goes through in either direction: as when a cable was pulled. One that is begun
   * meanwhile comes through when the cable is back: TCP asks again, so its first bytes must not be lost.
   */
  isSwallowing: boolean;
  close(): void;
}

/** @param url of the GraphQL endpoint; asked for each connection, so that it may be another process each time */
export async function startCuttingProxy(url: () => string): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let isSwallowing = false;
  const state = {
    cuts: 0,
    cutAfter: () => Number.POSITIVE_INFINITY,
    get isSwallowing() {
      return isSwallowing;
    },
    set isSwallowing(value) {
      isSwallowing = value;
      if (!value) for (const begin of waiting.splice(0)) begin();
    },
  };
  const carry = (client: Socket): void => {
    const { hostname, port } = new URL(url());
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let left = state.cutAfter();
    client.on('data', (bytes) => {
      if (!state.isSwallowing) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (state.isSwallowing || left <= 0) return;
      const part = bytes.subarray(0, left);
      left -= part.length;
      if (left > 0) {
        client.write(part);
        return;
      }
      state.cuts += 1;
      // Ended, not reset: a reset may take back bytes that were let through, and fewer frames would be at stake.
      client.end(part);
      upstream.destroy();
    });
  };
  const server = createServer((client) => {
    if (!isSwallowing) {
      carry(client);
      return;
    }
    client.on('error', () => undefined);
    waiting.push(() => {
      if (!client.destroyed) carry(client);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
}
