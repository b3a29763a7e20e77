import { TcpProxy } from '@ansinh/testing';

/** What opens, bounds or ends a transaction is no look at a table. */
const bounds = /^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK|SET LOCAL|SELECT current_user|SELECT 1$)/;

export interface StatementCounter {
  /** The address of the database, through this. */
  through(url: string): string;
  /** The statements that a service sends while the work is done. */
  during<T>(work: () => Promise<T>): Promise<{ result: T; statements: string[] }>;
  stop(): Promise<void>;
}

/**
 * Stands between a service and its database and reads along, by the protocol of PostgreSQL: so it sees every statement
 * of a process that is not the test's own, whatever sent it.
 */
export async function countStatements(url: string): Promise<StatementCounter> {
  const { hostname, port } = new URL(url);
  const proxy = new TcpProxy({ host: hostname, port: Number(port) });
  let heard: string[] = [];
  const readers = new WeakMap<object, (bytes: Buffer) => void>();
  proxy.onClientBytes = (bytes, pass, client) => {
    const read = readers.get(client) ?? reader((statement) => heard.push(statement));
    readers.set(client, read);
    read(bytes);
    pass();
  };
  await proxy.start();
  return {
    through: (address) => proxy.through(address),
    during: async (work) => {
      heard = [];
      const result = await work();
      return { result, statements: heard.filter((statement) => !bounds.test(statement.trim())) };
    },
    stop: () => proxy.stop(),
  };
}

/** Messages of one connection: the first has no letter, each of the others a letter and its length. */
function reader(onStatement: (sql: string) => void): (bytes: Buffer) => void {
  let waiting = Buffer.alloc(0);
  let hasStarted = false;
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      const head = hasStarted ? 1 : 0;
      if (waiting.length < head + 4) return;
      const length = head + waiting.readInt32BE(head);
      if (waiting.length < length) return;
      const kind = hasStarted ? String.fromCharCode(waiting[0]!) : '';
      const body = waiting.subarray(head + 4, length);
      hasStarted = true;
      waiting = waiting.subarray(length);
      if (kind === 'Q') onStatement(textAt(body, 0));
      // Parse: the name of the statement, then the statement.
      if (kind === 'P') onStatement(textAt(body, body.indexOf(0) + 1));
    }
  };
}

const textAt = (body: Buffer, start: number) => body.toString('utf8', start, body.indexOf(0, start));
