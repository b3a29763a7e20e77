import type { KeyRotation, SealingKeys } from './shapes.js';
import { type CommandOptions, path, type Transport } from './transport.js';

/** The keys under which a service seals numbers of people. */
export function keysResource(transport: Transport) {
  return {
    sealingKeys: () => transport.get<SealingKeys>('sealing-keys'),
    keyRotations: {
      /** Has everything sealed anew under the newest key, by the worker; answers the one that runs, if one does. */
      start: (options?: CommandOptions) => transport.post<KeyRotation>('key-rotations', {}, options),
      get: (id: string) => transport.get<KeyRotation>(path`key-rotations/${id}`),
    },
  };
}
