import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { describeRegistry } from '../src/api-description.js';
import type { Harness } from './harness.js';

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeRegistry(app));
}

/** Carries an operation out; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation) {
  return client.get(`${operation.path.replace('{code}', '256')}?${queries[operation.id] ?? ''}`);
}

const queries: Record<string, string> = { listPlaces: 'parent=24' };
