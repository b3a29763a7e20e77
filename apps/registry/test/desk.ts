import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import type { DossierView } from '../src/dossier/dossier.dto.js';

/** A commune of today in the former district 256, and one in 261. */
export const vuNinh = '09169';

/** Asks for a monthly allowance with every paper that it takes. */
export const monthly = (over: object = {}) => ({
  procedureCode: 'SP-MONTHLY',
  placeCode: vuNinh,
  applicant: { name: 'Nguyễn Thị Hiền', phone: '0912000000' },
  documents: ['declaration'],
  ...over,
});

/** A picture by its first bytes, which nobody else has. */
export const png = (bytes = 200) =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(bytes)]);

export async function present(client: PlayedClient, over: object = {}): Promise<DossierView> {
  return (await client.post('/v1/dossiers', monthly(over)).expect(201)).body as DossierView;
}

/** A command on a dossier as it was last seen. The reply is not judged: a test may expect a refusal. */
export function move(client: PlayedClient, { id, version }: DossierView, verb: string, body: object = {}) {
  return client.post(`/v1/dossiers/${id}/${verb}`, body).set('if-match', `"${version}"`);
}

/** The dossier after moves that are all taken. */
export async function moved(
  client: PlayedClient,
  dossier: DossierView,
  ...moves: [verb: string, body?: object][]
): Promise<DossierView> {
  let now = dossier;
  for (const [verb, body] of moves) {
    const reply = await move(client, now, verb, body);
    expect({ verb, status: reply.status, body: reply.body as object }).toMatchObject({ verb, status: 200 });
    now = reply.body as DossierView;
  }
  return now;
}
