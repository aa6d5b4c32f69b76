import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';

const open: (Server | TcpServer)[] = [];

/** Starts an HTTP server on a free loopback port and answers the port. */
export function serve(listener: RequestListener, host = '127.0.0.1'): Promise<number> {
  return listen(createServer(listener), host);
}

/** Starts a server that speaks no protocol at all. */
export function serveRaw(onSocket: (socket: Socket) => void): Promise<number> {
  return listen(createTcpServer(onSocket), '127.0.0.1');
}

/** Stops every server of this test, open connections included. */
export async function stopServers(): Promise<void> {
  await Promise.all(
    open.splice(0).map(async (server) => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }),
  );
}

async function listen(server: Server | TcpServer, host: string): Promise<number> {
  server.listen(0, host);
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
