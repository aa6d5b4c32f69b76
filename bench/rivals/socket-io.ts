import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listening, serveRival } from './serve-rival';

/** A room, as the documentation of Socket.IO shows it. Clients come by WebSocket at once, without the polling before it. */
serveRival(async () => {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  io.on('connection', (socket) => {
    void socket.join('organization');
  });
  return { port: await listening(http), publish: (event) => io.to('organization').emit('organizationEvents', event) };
});
