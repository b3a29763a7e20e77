import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { describeRegistry } from '../src/api-description.js';
import { monthly } from './desk.js';
import type { Harness } from './harness.js';

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeRegistry(app));
}

/** Carries an operation out; every part of the request is valid. */
export function request(client: PlayedClient, { id, method, path }: Operation) {
  const address = `${path.replace('{code}', '256').replace('{id}', randomUUID())}?${queries[id] ?? ''}`;
  return method === 'get'
    ? client.get(address)
    : client.post(address, bodies[id] ?? {}).set('if-match', '"1"');
}

const queries: Record<string, string> = { listPlaces: 'parent=24' };

const reason = { reason: 'x' };

/** For each operation that has one. */
const bodies: Record<string, object> = {
  presentDossier: monthly(),
  supplementDossier: { documents: [] },
  refuseDossier: reason,
  assignDossier: { assignee: 'A' },
  requestSupplement: { ...reason, documents: [] },
  holdDossier: reason,
  decideDossier: { outcome: 'declined', note: 'x' },
  withdrawDossier: reason,
};
