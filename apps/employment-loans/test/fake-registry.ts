import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { EmployedPerson } from '@ansinh/client';

/** Answers who works where, as the registry does: everybody is known and nobody employed, but for what a test says of him. */
export class FakeRegistry {
  private readonly people = new Map<string, Partial<EmployedPerson> | null>();
  /** The questions that were asked. */
  readonly asked: { on: string; people: string[] }[] = [];
  isAway = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeRegistry> {
    const server = createServer();
    const registry = new FakeRegistry(server);
    server.on('request', (request, response) => {
      void (async () => {
        const question = (await json(request)) as { on: string; people: string[] };
        registry.asked.push(question);
        response.statusCode = registry.isAway ? 403 : 200;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ items: registry.answer(question.people) }));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param person null: nobody of the registry */
  says(personId: string, person: Partial<EmployedPerson> | null): void {
    this.people.set(personId, person);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(people: string[]): EmployedPerson[] {
    return people.flatMap((personId) => {
      const said = this.people.get(personId);
      return said === null ? [] : [{ personId, standsForId: personId, diedOn: null, contracts: [], ...said }];
    });
  }
}
