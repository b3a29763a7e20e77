import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

const probeMs = 100;

interface Backend {
  url: string;
  agent: Agent;
  isReady: boolean;
  served: number;
}

/**
 * A load balancer as simple as they come: it asks each backend whether it is ready, gives the next request to the next one
 * that was, keeps connections, and never tries a request twice. What a backend drops, the client sees.
 */
export class RoundRobin {
  private readonly backends = new Map<string, Backend>();
  private readonly server: Server;
  private readonly prober: NodeJS.Timeout;
  private turn = 0;

  private constructor() {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
    this.prober = setInterval(() => void Promise.all([...this.backends.values()].map(probe)), probeMs);
  }

  static async start(): Promise<RoundRobin> {
    const proxy = new RoundRobin();
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async add(url: string): Promise<void> {
    const backend = { url, agent: new Agent({ keepAlive: true }), isReady: false, served: 0 };
    await probe(backend);
    this.backends.set(url, backend);
  }

  remove(url: string): void {
    this.backends.get(url)?.agent.destroy();
    this.backends.delete(url);
  }

  served(url: string): number {
    return this.backends.get(url)?.served ?? 0;
  }

  async stop(): Promise<void> {
    clearInterval(this.prober);
    for (const url of this.backends.keys()) this.remove(url);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const ready = [...this.backends.values()].filter(({ isReady }) => isReady);
    const backend = ready[(this.turn += 1) % ready.length];
    if (!backend) {
      outgoing.writeHead(502).end('no backend is ready');
      return;
    }
    backend.served += 1;
    const { method, headers, url } = incoming;
    const { connection: _hop, ...passed } = headers;
    const onward = request(`${backend.url}${url}`, { method, headers: passed, agent: backend.agent });
    onward.once('response', (answer) => {
      const { connection: _hop, ...told } = answer.headers;
      outgoing.writeHead(answer.statusCode!, told);
      answer.pipe(outgoing);
      // An answer that breaks off breaks off for the client as well.
      answer.once('aborted', () => outgoing.destroy());
    });
    onward.once('error', (error) => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end(`${backend.url}: ${error.message}`);
    });
    incoming.pipe(onward);
  }
}

async function probe(backend: Backend): Promise<void> {
  try {
    const answer = await fetch(`${backend.url}/health/ready`);
    await answer.body?.cancel();
    backend.isReady = answer.ok;
  } catch (error) {
    // By name: the class of `fetch` is that of another realm than Jest's.
    if ((error as Error).name !== 'TypeError') throw error;
    backend.isReady = false;
  }
}
