import type { Socket } from 'node:net';
import pg from 'pg';

/** What this class needs of a connection of `pg`, whose types leave it out. */
interface Wire {
  stream: Socket;
  on(event: 'readyForQuery', listener: (message: { status: string }) => void): void;
}

/** A statement that a connection keeps the plan of. */
export interface KeptStatement {
  name: string;
  text: string;
  values: string[];
}

/** What is needed of a query of `pg`, whose types leave it out. */
interface WireQuery {
  submit(connection: pg.Connection): Error | null;
  handleDataRow(message: object): void;
  handleCommandComplete(message: object, connection: pg.Connection): void;
  handleError(error: Error, connection: pg.Connection): void;
}
type Answer = (error: Error | null, result: pg.QueryResult) => void;
const WireQuery = pg.Query as unknown as new (
  statement: pg.QueryConfig & { queryMode: 'extended' },
  answer: Answer,
) => WireQuery;

/** A statement that goes out behind those that set the scope of their transaction, whose rows nobody reads. */
class StatementWithin extends WireQuery {
  /** How many of them are still to be answered. */
  private ahead: number;

  constructor(
    private readonly scope: readonly KeptStatement[],
    statement: pg.QueryConfig,
    answer: Answer,
  ) {
    // Also one without values: what is asked in the simple way has no end that PostgreSQL would look for after a failure.
    super({ ...statement, queryMode: 'extended' }, answer);
    this.ahead = scope.length;
  }

  override submit(connection: pg.Connection): Error | null {
    connection.stream.cork();
    try {
      for (const { name, values } of this.scope) {
        connection.bind({ statement: name, values }, true);
        connection.execute(null, true);
      }
      const refused = super.submit(connection);
      if (refused) {
        // What went out before it is to be ended all the same, or PostgreSQL waits for the rest.
        setImmediate(() => this.handleError(refused, connection));
        connection.sync();
      }
      return null;
    } finally {
      connection.stream.uncork();
    }
  }

  override handleDataRow(message: object): void {
    if (this.ahead === 0) super.handleDataRow(message);
  }

  override handleCommandComplete(message: object, connection: pg.Connection): void {
    if (this.ahead === 0) super.handleCommandComplete(message, connection);
    else this.ahead -= 1;
  }
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
  /** Names of the statements by which scopes are entered. */
  private readonly kept = new Set<string>();

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
   * Sends all statements in one packet. PostgreSQL makes one transaction of what comes before it is asked to end it, and answers
   * once: what those of the scope set for their transaction holds for what follows in it and for nothing after it, and where one of
   * them fails what follows is not run.
   */
  async queryWithin(scope: readonly KeptStatement[], statement: pg.QueryConfig): Promise<pg.QueryResult> {
    for (const [index, step] of scope.entries()) {
      if (this.kept.has(step.name)) continue;
      // By itself it sets nothing: its transaction ends with it.
      await this.send(scope.slice(0, index), step);
      this.kept.add(step.name);
    }
    return this.send(scope, statement);
  }

  private send(scope: readonly KeptStatement[], statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return new Promise((resolve, reject) => {
      const answer = (error: Error | null, result: pg.QueryResult) =>
        error ? reject(error) : resolve(result);
      this.query(new StatementWithin(scope, statement, answer));
    });
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
