import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Which connections have a request in flight. Node counts one whose request head is incomplete, or that sent nothing
 * yet, as busy: whoever opens one could hold up a stop.
 */
export class Connections {
  readonly #inFlight = new Map<Socket, number>();
  #isClosing = false;

  constructor(server: Server) {
    /** By their peer: over TLS, requests come on a socket that is made around this one once the handshake is done. */
    const bare = new Map<string, Socket>();
    server.on('connection', (socket: Socket) => {
      const peer = namePeer(socket);
      bare.set(peer, socket);
      socket.once('close', () => bare.delete(peer));
      this.#add(socket);
    });
    server.on('secureConnection', (socket: Socket) => {
      const inner = bare.get(namePeer(socket));
      if (inner) this.#inFlight.delete(inner);
      this.#add(socket);
    });
    server.on('request', ({ socket }, response) => {
      this.#count(socket, 1);
      response.once('close', () => this.#count(socket, -1));
    });
  }

  /** Closes every connection without a request in flight, the others when theirs is answered. */
  closeQuiet(): void {
    this.#isClosing = true;
    for (const [socket, requests] of this.#inFlight) if (requests === 0) socket.destroy();
  }

  #add(socket: Socket): void {
    this.#inFlight.set(socket, 0);
    socket.once('close', () => this.#inFlight.delete(socket));
  }

  #count(socket: Socket, change: 1 | -1): void {
    const before = this.#inFlight.get(socket);
    if (before === undefined) return;
    this.#inFlight.set(socket, before + change);
    if (this.#isClosing && before + change === 0) socket.destroySoon();
  }
}

function namePeer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
