import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Scan, VirusScanner } from './virus-scanner.js';

/** clamd answers with one short line; more is not clamd. */
const replyBytesMax = 4 * 1024;

/** Asks clamd by its INSTREAM command: content in pieces, each with its length before it, and an empty one at the end. */
export class ClamdScanner implements VirusScanner {
  constructor(private readonly options: { host: string; port: number; timeoutMs: number }) {}

  async scan(content: AsyncIterable<Uint8Array>): Promise<Scan> {
    const { host, port, timeoutMs } = this.options;
    const socket = connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('clamd does not answer')));
    try {
      // Over its limit clamd answers and closes before all is sent: what it said counts, not that it hung up.
      const sent = pipeline(framed(content), socket, { end: false }).catch((error: unknown) => {
        if (!isHangUp(error)) throw error;
      });
      const [reply] = await Promise.all([replyOf(socket), sent]);
      return scanOf(reply);
    } finally {
      socket.destroy();
    }
  }
}

async function* framed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  yield Buffer.from('zINSTREAM\0');
  for await (const piece of content) yield Buffer.concat([lengthOf(piece), piece]);
  yield Buffer.alloc(4);
}

function lengthOf(piece: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  return length;
}

async function replyOf(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of socket as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > replyBytesMax || part.includes(0)) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

const hangUps = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

const isHangUp = (error: unknown) => hangUps.includes((error as NodeJS.ErrnoException).code ?? '');

/** @throws Error for everything that is neither: a limit, a fault, another server */
function scanOf(reply: string): Scan {
  const line = reply.replace(/\0.*$/s, '').trim();
  if (line === 'stream: OK') return { verdict: 'clean' };
  const signature = /^stream: (.+) FOUND$/.exec(line)?.[1];
  if (signature) return { verdict: 'infected', signature };
  throw new Error(`clamd: ${line || 'hung up without an answer'}`);
}
