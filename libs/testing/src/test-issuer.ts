import { type Issuer, payingProgramme, registryFollower, startIssuer } from '@ansinh/embedded';

/** Of the service that follows the registry. */
export const registrySecret = 'a secret of the tests';
/** Of the service that pays by the disbursements: the client `programme`. */
export const programmeSecret = 'another secret of the tests';

/** An issuer of this spec file alone, on a free port; its `token` signs whatever claims the test needs. */
export async function testIssuer(): Promise<Issuer> {
  const programme = payingProgramme({ id: 'programme', name: 'Chương trình', secret: programmeSecret });
  return await startIssuer({ port: 0, users: [], clients: [registryFollower(registrySecret), programme] });
}
