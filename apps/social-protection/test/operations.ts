import { type Operation, operationsIn, type PlayedClient } from '@ansinh/testing';
import { describeSocialProtection } from '../src/api-description.js';
import type { Harness } from './harness.js';

/** Every operation of the OpenAPI document. */
export function operationsOf({ app }: Harness): Operation[] {
  return operationsIn(describeSocialProtection(app));
}

/** Carries an operation out; every part of the request is valid. */
export function request(client: PlayedClient, operation: Operation) {
  return client.get(operation.path);
}
