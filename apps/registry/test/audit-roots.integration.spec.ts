import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readLog, testAuditLog } from '@ansinh/testing';
import { present, vuNinh } from './desk.js';
import { startHarness } from './harness.js';
import { enterPerson, newPerson } from './people.js';

const service = testAuditLog({
  start: startHarness,
  log: 'ansinh/registry',
  work: async (started) => {
    for (const office of ['27', '256']) {
      const officer = await started.as({ sub: 'officer', office });
      for (let person = 0; person < 3; person += 1) await enterPerson(officer);
    }
  },
});

test('no number and no name of a person stands in it', async () => {
  const officer = await service().as({ sub: 'officer', office: vuNinh });
  const name = `Nguyễn ${randomUUID()}`;
  const { citizenNumber } = newPerson();
  await officer.post('/v1/people', newPerson({ citizenNumber, name })).expect(201);
  await present(officer, { applicant: { name } });
  const text = JSON.stringify((await readLog(service())).entries);
  expect(text).toContain('dossier.present');
  for (const secret of [citizenNumber, name]) expect(text).not.toContain(secret);
});
