import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { writePain002 } from '@ansinh/iso20022';
import { Iso20022HttpChannel, readStatusReport } from './iso20022-http.channel.js';

const messageId = 'LO-00000001-C00001';

const report = (
  over: Partial<Parameters<typeof writePain002>[0]> = {},
  refused: { endToEndId: string; reason: string }[] = [],
) =>
  writePain002(
    {
      messageId: 'BANK-1',
      createdAt: '2026-11-23T08:00:00+07:00',
      originalMessageId: messageId,
      originalMessageName: 'pain.001.001.10',
      originalPaymentInformationId: messageId,
      originalCount: 2,
      groupStatus: 'ACTC',
      ...over,
    },
    refused,
  );

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A bank of one answer, over a real socket. */
let answer: Handler;
let asked: { method?: string; url?: string; authorization?: string; type?: string; body: string }[] = [];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, type: headers['content-type'], body });
    answer(request, response);
  });
});
let channel: Iso20022HttpChannel;
/** Its documents may be large. */
let slowChannel: Iso20022HttpChannel;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const options = { url: `http://127.0.0.1:${port}`, token: 'secret', timeoutMs: 1_000 };
  channel = new Iso20022HttpChannel({ ...options, documentTimeoutMs: 300 });
  slowChannel = new Iso20022HttpChannel({ ...options, documentTimeoutMs: 5_000 });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const says =
  (status: number, body: string | Buffer = ''): Handler =>
  (_request, response) => {
    response.writeHead(status).end(body);
  };
const send = () => channel.send(messageId, Buffer.from('<Document/>'));

describe('a message that is handed over', () => {
  test('goes as it is, with the token, and the answer is read', async () => {
    answer = says(
      202,
      report({ groupStatus: 'PART' }, [{ endToEndId: 'LO-00000001-0000002', reason: 'AC04' }]),
    );
    expect(await send()).toEqual({
      messageId,
      verdict: 'accepted',
      reason: null,
      refused: [{ endToEndId: 'LO-00000001-0000002', reason: 'AC04' }],
    });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/messages',
        authorization: 'Bearer secret',
        type: 'application/xml',
        body: '<Document/>',
      },
    ]);
  });

  test.each([401, 403, 413, 429, 503])('was not taken when the bank answers %i', async (status) => {
    answer = says(status);
    await expect(send()).rejects.toMatchObject({ name: 'NotDelivered' });
  });

  test('was not taken when nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody = new Iso20022HttpChannel({
      url: `http://127.0.0.1:${port}`,
      token: 't',
      timeoutMs: 1_000,
      documentTimeoutMs: 300,
    });
    await expect(nobody.send(messageId, Buffer.from('x'))).rejects.toMatchObject({ name: 'NotDelivered' });
  });

  test.each<[string, Handler]>([
    ['a defect of the bank', says(500)],
    ['a gateway that gave up', says(504)],
    ['a gateway that lost it', says(502)],
    ['a conflict', says(409, '{}')],
    ['no such path', says(404)],
    ['a page instead of a report', says(200, '<html><body>Đang bảo trì</body></html>')],
    ['nothing', says(200)],
    ['a report cut off', says(200, report().subarray(0, 300))],
    ['a report on another message', says(200, report({ originalMessageId: 'LO-00000009-C00001' }))],
    ['a connection that breaks', (request) => request.socket.destroy()],
    [
      'a connection that breaks in the answer',
      (request, response) => {
        response.writeHead(200).write(report().subarray(0, 200));
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
    ['silence', () => undefined],
  ])('may have been taken: %s', async (_, handler) => {
    answer = handler;
    await expect(send()).rejects.not.toMatchObject({ name: 'NotDelivered' });
  });
});

describe('a message that is asked for', () => {
  const query = () => channel.query(messageId);

  test('is known', async () => {
    answer = says(200, report());
    expect(await query()).toMatchObject({ messageId, verdict: 'accepted' });
    expect(asked).toMatchObject([
      { method: 'GET', url: `/messages/${messageId}/status`, authorization: 'Bearer secret' },
    ]);
  });

  test('was never got', async () => {
    answer = says(404);
    expect(await query()).toBeNull();
  });

  test.each<[string, Handler]>([
    ['a defect', says(500)],
    ['busy', says(503)],
    ['another message', says(200, report({ originalMessageId: 'X' }))],
    ['silence', () => undefined],
  ])('is not known to be absent: %s', async (_, handler) => {
    answer = handler;
    await expect(query()).rejects.toThrow();
  });
});

describe('documents', () => {
  test('are listed after a position', async () => {
    answer = says(200, JSON.stringify({ documents: [{ cursor: '8', id: 'd/8' }] }));
    expect(await channel.documents('26 00', '7', 20)).toEqual([{ cursor: '8', id: 'd/8' }]);
    expect(asked[0]!.url).toBe('/documents?account=26+00&after=7&limit=20');
  });

  test('are fetched by an id that may hold anything', async () => {
    answer = says(200, 'content');
    expect(await text(await channel.document('d/8?x'))).toBe('content');
    expect(asked[0]!.url).toBe('/documents/d%2F8%3Fx');
  });

  test('may take long as long as they come, and are given up when they stop coming', async () => {
    const pieces = ['a', 'b', 'c', 'd', 'e'];
    const written = (endsAfter: number): Handler => {
      return (_request, response) => {
        response.writeHead(200).flushHeaders();
        const piece = (index: number): void => {
          if (index === pieces.length) response.end();
          else if (index < endsAfter) {
            response.write(pieces[index]);
            setTimeout(piece, 350, index + 1);
          }
        };
        piece(0);
      };
    };
    // Longer in all than an answer is waited for.
    answer = written(pieces.length);
    expect(await text(await slowChannel.document('1'))).toBe('abcde');
    answer = written(2);
    await expect(text(await slowChannel.document('1'))).rejects.toThrow(/silent for 1000 ms/);
  });

  test.each([
    [404, 'AccountUnknown'],
    [500, 'OutcomeUnknown'],
  ])('are asked for again later when the bank answers %i', async (status, name) => {
    answer = says(status);
    await expect(channel.documents('1', '0', 1)).rejects.toMatchObject({ name });
    await expect(channel.document('1')).rejects.toMatchObject({ name: 'OutcomeUnknown' });
  });
});

describe('what a status report means for a message', () => {
  const xml = (group: string, payment = '', transactions = '') =>
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>B</MsgId>
     <CreDtTm>2026-11-23T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId>
     <OrgnlMsgNmId>pain.001</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId>
     ${payment}${transactions}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
  const status = (code: string) => `<GrpSts>${code}</GrpSts>`;
  const line = (code: string, reason = '') =>
    `<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>${code}</TxSts>${reason}</TxInfAndSts>`;
  const because = (code: string) => `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf>`;
  const read = (content: string) => readStatusReport(Readable.from([Buffer.from(content)]));

  test.each(['ACTC', 'ACCP', 'ACSP', 'ACSC', 'ACWC', 'PART'])('%s: it is taken on', async (code) => {
    expect(await read(xml(status(code)))).toMatchObject({ verdict: 'accepted', refused: [] });
  });

  test.each(['RCVD', 'PDNG', 'ACXX'])('%s: nothing is decided', async (code) => {
    expect(await read(xml(status(code)))).toMatchObject({ verdict: 'received' });
  });

  test('RJCT: all of it is refused, with the reason', async () => {
    expect(await read(xml(status('RJCT') + because('AM04')))).toMatchObject({
      verdict: 'refused',
      reason: 'AM04',
    });
  });

  test('a report that speaks of its payments alone', async () => {
    const answers = await Promise.all([
      read(xml('', '<PmtInfSts>RJCT</PmtInfSts>' + because('AC01'))),
      read(xml('', '<PmtInfSts>ACSP</PmtInfSts>')),
      read(xml('', '', line('RJCT', because('AC04')))),
      read(xml('', '', line('ACSC'))),
    ]);
    expect(answers).toMatchObject([
      { verdict: 'refused', reason: 'AC01' },
      { verdict: 'accepted', refused: [] },
      { verdict: 'accepted', refused: [{ endToEndId: 'E1', reason: 'AC04' }] },
      { verdict: 'received', refused: [] },
    ]);
  });

  test('a refusal without a reason is one', async () => {
    const answered = await read(xml(status('PART'), '', line('RJCT')));
    expect(answered.refused).toEqual([{ endToEndId: 'E1', reason: 'NARR' }]);
  });
});
