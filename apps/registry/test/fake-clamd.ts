import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What clamd finds in the file that scanners are tried out with; in halves, or a scanner would find it here. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

export interface FakeClamd {
  address: string;
  /** How many bytes it was given by the last caller. */
  seen: number;
  /** Says this whatever it is given; null: hangs up without a word. */
  reply: string | null | undefined;
  stop(): Promise<void>;
}

/** Speaks INSTREAM as clamd does, and finds the one thing that every scanner finds. */
export async function startFakeClamd(): Promise<FakeClamd> {
  const fake = { seen: 0, reply: undefined } as unknown as FakeClamd;
  const server: Server = createServer((socket) => {
    let input = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece) => {
      input = Buffer.concat([input, piece]);
      const content = contentOf(input);
      if (content === null) return;
      fake.seen = content.length;
      if (fake.reply === null) return socket.destroy();
      const found = content.includes(eicar) ? 'Eicar-Test-Signature FOUND' : 'OK';
      socket.end(`${fake.reply ?? `stream: ${found}`}\0`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  fake.stop = () => new Promise((resolve) => server.close(() => resolve()));
  return fake;
}

const command = 'zINSTREAM\0';

/** What was sent, once the empty piece at its end is there. */
function contentOf(input: Buffer): Buffer | null {
  if (!input.subarray(0, command.length).equals(Buffer.from(command).subarray(0, input.length)))
    throw new Error('not INSTREAM');
  const pieces: Buffer[] = [];
  for (let at = command.length; input.length >= at + 4;) {
    const length = input.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(input.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}
