import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { throwawayDirectory } from './directories.js';
import { loadSecrets } from './secrets.js';

describe('loadSecrets', () => {
  test('makes them once, readable by the owner alone', () => {
    const file = join(throwawayDirectory('secrets-spec'), 'secrets.json');
    const first = loadSecrets(file, false, {});
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadSecrets(file, true, {})).toEqual(first);
    expect(Buffer.from(first.SEALING_KEYS.replace('1:', ''), 'base64')).toHaveLength(32);
    expect(Buffer.from(first.LOOKUP_KEY, 'base64')).toHaveLength(32);
  });

  test('prefers those of the environment, and does not store them', () => {
    const file = join(throwawayDirectory('secrets-spec'), 'secrets.json');
    expect(loadSecrets(file, false, { BANK_API_TOKEN: 'from outside' })).toMatchObject({
      BANK_API_TOKEN: 'from outside',
    });
    expect(readFileSync(file, 'utf8')).not.toContain('from outside');
  });

  test('makes no new keys for data that was sealed with lost ones', () => {
    const file = join(throwawayDirectory('secrets-spec'), 'secrets.json');
    expect(() => loadSecrets(file, true, {})).toThrow(expect.objectContaining({ name: 'FriendlyError' }));
  });
});
