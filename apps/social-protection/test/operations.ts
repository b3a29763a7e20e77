import { randomUUID } from 'node:crypto';
import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { describeSocialProtection } from '../src/api-description.js';
import type { Harness } from './harness.js';

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeSocialProtection(app));
}

/** A body that passes validation, for each operation that has one. */
const bodies: Record<string, object> = {
  explainLaw: { day: '2022-03-01', facts: {} },
  enterLawRow: {
    parameter: 'standardLevel',
    value: '400000',
    resolution: '99/2022/NQ-HĐND',
    article: '1',
    inForceFrom: '2023-01-01',
    appliedFrom: '2023-01-01',
  },
  approveLawRow: {},
  rejectLawRow: { reason: 'x' },
  confirmLaw: { row: 'SP-STD-500', digest: '0'.repeat(64), basis: 'x' },
};

/** Carries an operation out; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation) {
  const path = operation.path.replace('{code}', 'monthly-allowance').replace('{id}', randomUUID());
  if (operation.id === 'compareLaw') return client.get(`${path}?from=2025-06-30&to=2025-07-01`);
  if (operation.method === 'get') return client.get(path);
  const body = bodies[operation.id];
  if (!body) throw new Error(`test/operations.ts knows no body for ${operation.id}`);
  return client.post(path, body);
}
