import { testAuditLog } from '@ansinh/testing';
import { startHarness } from './harness.js';
import { apply } from './lending.js';

testAuditLog({
  start: startHarness,
  log: 'ansinh/employment-loans',
  work: async (started) => {
    for (const office of ['27', '256']) {
      const officer = await started.as({ sub: 'officer', office });
      for (let loan = 0; loan < 3; loan += 1) await apply(officer);
    }
  },
});
