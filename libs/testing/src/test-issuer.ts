import { type Issuer, programmeService, registryFollower, startIssuer } from '@ansinh/embedded';

/** Of each service that asks another one. */
export const registrySecret = 'a secret of the tests';

/** An issuer of this spec file alone, on a free port; its `token` signs whatever claims the test needs. */
export async function testIssuer(): Promise<Issuer> {
  const clients = [
    registryFollower(registrySecret),
    programmeService('social-protection', 'Bảo trợ xã hội', registrySecret),
    programmeService('employment-loans', 'Cho vay việc làm', registrySecret),
    // Of no procedure.
    programmeService('programme', 'Chương trình', registrySecret),
  ];
  return await startIssuer({ port: 0, users: [], clients });
}
