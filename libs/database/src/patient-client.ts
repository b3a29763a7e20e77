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

/** A statement that goes out behind the one that sets the scope of their transaction. */
class StatementWithin extends WireQuery {
  private isInScope = false;

  constructor(
    private readonly scope: KeptStatement,
    statement: pg.QueryConfig,
    answer: Answer,
  ) {
    // Also one without values: what is asked in the simple way has no end that PostgreSQL would look for after a failure.
    super({ ...statement, queryMode: 'extended' }, answer);
  }

  override submit(connection: pg.Connection): Error | null {
    const { name, values } = this.scope;
    connection.stream.cork();
    try {
      connection.bind({ statement: name, values }, true);
      connection.execute(null, true);
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
    if (this.isInScope) super.handleDataRow(message);
  }

  override handleCommandComplete(message: object, connection: pg.Connection): void {
    if (this.isInScope) super.handleCommandComplete(message, connection);
    this.isInScope = true;
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
   * Sends both statements in one packet. PostgreSQL makes one transaction of all that comes before it is asked to end it, and answers
   * once: what the first one sets for its transaction holds for the second and for nothing after it, and where the first fails the
   * second is not run.
   */
  async queryWithin(scope: KeptStatement, statement: pg.QueryConfig): Promise<pg.QueryResult> {
    if (!this.kept.has(scope.name)) {
      // By itself it sets nothing: its transaction ends with it.
      await this.query(scope);
      this.kept.add(scope.name);
    }
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
