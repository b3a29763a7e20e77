import { testAuditLog } from '@ansinh/testing';
import { startHarness } from './harness.js';
import { brought, covidHead, newTaxCode, stopped } from './support.js';

testAuditLog({
  start: startHarness,
  log: 'ansinh/social-protection',
  work: async (started) => {
    for (const office of ['27', '256']) {
      const officer = await started.as({ sub: 'officer', office });
      for (let list = 0; list < 3; list += 1) await brought(officer, covidHead(newTaxCode()), [stopped()]);
    }
  },
});
