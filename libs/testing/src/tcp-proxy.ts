import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to the bytes of a connection. */
type Weather = 'clear' | 'silent';

/**
 * Sees what a client sends before the server does; `pass` hands it on, at once or later, or never.
 * @param client the connection that it came by, to tell several apart
 */
type ClientHook = (bytes: Buffer, pass: () => void, client: object) => void;

interface Link {
  client: Socket;
  server: Socket;
  isSilent: boolean;
}

/**
 * A network between one client and one server, which a test may slow down, cut, or make silent: a silent connection
 * takes everything and hands nothing on, in either direction, as one does whose other end has vanished without a word.
 */
export class TcpProxy {
  /** How much later everything arrives, in both directions. */
  delayMs = 0;
  /** New connections are refused while it is. */
  isDown = false;
  onClientBytes: ClientHook = (_, pass) => pass();
  private weather: Weather = 'clear';
  private readonly links = new Set<Link>();
  private server: Server | undefined;

  constructor(private readonly target: { host: string; port: number }) {}

  async start(): Promise<void> {
    this.server = createServer((client) => this.accept(client));
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server!.address() as AddressInfo).port;
  }

  /** The same address, with this proxy as its host and port. */
  through(url: string): string {
    const address = new URL(url);
    address.host = `127.0.0.1:${this.port}`;
    return address.toString();
  }

  /** Ends every connection by a reset, as a firewall does that has forgotten them. */
  cut(): void {
    for (const link of this.links) this.reset(link);
  }

  /** Ends those alone that have fallen silent. */
  cutSilent(): void {
    for (const link of this.links) if (link.isSilent) this.reset(link);
  }

  /** From now on no connection carries anything, old or new; nobody is told. */
  fallSilent(): void {
    this.weather = 'silent';
    for (const link of this.links) link.isSilent = true;
  }

  /** New connections carry everything again. Those that fell silent stay so, unless they are cut. */
  clear(): void {
    this.weather = 'clear';
    this.isDown = false;
    this.delayMs = 0;
    this.onClientBytes = (_, pass) => pass();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.isDown) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.target);
    const link = { client, server, isSilent: false };
    this.links.add(link);
    const isHeard = () => !(link.isSilent ||= this.weather === 'silent');
    // One after the other, whatever the delay is by then: bytes keep their order.
    const lane = (to: Socket) => {
      let before = Promise.resolve();
      return (bytes: Buffer) => {
        before = before.then(async () => {
          if (this.delayMs > 0) await sleep(this.delayMs);
          if (isHeard() && to.writable) to.write(bytes);
        });
      };
    };
    const [toServer, toClient] = [lane(server), lane(client)];
    client.on('data', (bytes) => this.onClientBytes(bytes, () => toServer(bytes), client));
    server.on('data', toClient);
    // Of a silent connection one end does not hear that the other is gone.
    const end = (other: Socket) => () => {
      if (isHeard()) other.destroy();
      if (client.destroyed && server.destroyed) this.links.delete(link);
    };
    client.on('close', end(server)).on('error', end(server));
    server.on('close', end(client)).on('error', end(client));
  }

  private reset({ client, server }: Link): void {
    client.resetAndDestroy();
    server.resetAndDestroy();
  }
}
