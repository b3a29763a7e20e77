import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { throwawayDirectory } from './directories.js';
import { identifyProcess, waitForEnd } from './process-table.js';
import { claimDirectory, recordServices, releaseDirectory } from './run-record.js';

let directory: string;

beforeEach(() => {
  directory = throwawayDirectory('run-record-spec');
});

/** As the record of a run whose owner has died looks. */
function writeRecord(owner: object, services: object[]): void {
  writeFileSync(join(directory, 'running.json'), JSON.stringify({ owner, services }));
}

describe('claimDirectory', () => {
  test('refuses a second run while the first one lives', async () => {
    await claimDirectory(directory);
    await expect(claimDirectory(directory)).rejects.toMatchObject({
      name: 'FriendlyError',
      text: { en: expect.stringMatching(`process ${process.pid}`) },
    });
    releaseDirectory(directory);
    await expect(claimDirectory(directory)).resolves.toBeUndefined();
  });

  test('takes over from a dead owner, and ends the services that it has left', async () => {
    const service = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pid = service.pid as number;
    writeRecord({ pid: process.pid, startedAt: 'an earlier process under our id' }, [identifyProcess(pid)]);
    await claimDirectory(directory);
    expect(await waitForEnd(pid, 1_000)).toBe(true);
  });

  test('leaves a stranger alone that has got the id of a service', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    const pid = stranger.pid as number;
    writeRecord({ pid: process.pid, startedAt: 'earlier' }, [{ pid, startedAt: 'earlier' }]);
    await claimDirectory(directory);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  test('a record names this process as the owner', async () => {
    recordServices(directory, [process.pid]);
    await expect(claimDirectory(directory)).rejects.toMatchObject({ name: 'FriendlyError' });
  });
});
