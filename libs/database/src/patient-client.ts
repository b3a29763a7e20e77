import type { Socket } from 'node:net';
import pg from 'pg';

/** What this class needs of a connection of `pg`, whose types leave it out. */
interface Wire {
  stream: Socket;
  on(event: 'readyForQuery', listener: (message: { status: string }) => void): void;
}

/** The server ends a statement at its limit and says so: silence for a quarter more is the silence of the network. */
const silenceOf = (statementMs: number) => statementMs * 1.25;

/**
 * A connection that is given up when the server owes an answer and has been silent for longer than any statement may
 * take: where a network falls silent without a word, or a pooler hangs, a query would else wait for ever, and with it
 * the worker behind it. Idle connections and slow readers are owed nothing, and are left alone.
 */
export class PatientClient extends pg.Client {
  private readonly statementMs: number;
  private stream: Socket | null = null;
  /** How much had been sent when the server was last heard: what was sent since then is unanswered. */
  private sentWhenHeard = 0;

  constructor(config: pg.ClientConfig = {}) {
    super(config);
    this.statementMs = Number(config.statement_timeout || 0);
    // Who uses the connection hears of its end by his query, and the pool throws it away. Node ends the whole process for an
    // error that nobody listens to, and libraries that take a connection out of a pool do not always listen.
    this.on('error', () => undefined);
    const { connection } = this as unknown as { connection: Wire };
    // The first time when the connection stands: until then its own time limit holds, and TLS may change the stream.
    connection.on('readyForQuery', ({ status }) => {
      if (this.statementMs === 0) return;
      this.stream ??= this.listen(connection.stream);
      // What a transaction was given for its statements ends with it, as `statement_timeout` itself does.
      if (status === 'I') this.stream.setTimeout(silenceOf(this.statementMs));
    });
  }

  /** Statements may take so long from now on, until the end of the transaction. */
  waitFor(statementMs: number): void {
    this.stream?.setTimeout(silenceOf(statementMs));
  }

  /**
   * Sends all statements before the first answer, in one packet: one way to the server and back instead of one for each. They
   * run in their order, whatever became of those before: of a transaction in which one failed, COMMIT leaves nothing. Nobody
   * else may use the connection meanwhile.
   */
  async queryTogether(statements: (string | pg.QueryConfig)[]): Promise<pg.QueryResult[]> {
    const { stream } = (this as unknown as { connection: Wire }).connection;
    const sender = this as unknown as { pipeline: boolean };
    // Not an option of the connection: with it, COPY and cursors would be refused.
    sender.pipeline = true;
    try {
      stream.cork();
      const answers = statements.map((statement) => this.query(statement as string));
      stream.uncork();
      const settled = await Promise.allSettled(answers);
      return settled.map((answer) => {
        if (answer.status === 'rejected') throw answer.reason;
        return answer.value;
      });
    } finally {
      sender.pipeline = false;
    }
  }

  private listen(stream: Socket): Socket {
    stream.on('data', () => (this.sentWhenHeard = stream.bytesWritten));
    // A process that was frozen or busy hears first what came meanwhile.
    stream.on('timeout', () => setImmediate(() => this.giveUpIfUnanswered(stream)));
    this.sentWhenHeard = stream.bytesWritten;
    return stream;
  }

  private giveUpIfUnanswered(stream: Socket): void {
    if (stream.bytesWritten === this.sentWhenHeard) return;
    stream.destroy(new Error(`PostgreSQL owes an answer and has been silent for ${stream.timeout} ms`));
  }
}
