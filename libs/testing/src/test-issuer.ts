import { type Issuer, registryFollower, startIssuer } from '@ansinh/embedded';

/** Of the service that follows the registry. */
export const registrySecret = 'a secret of the tests';

/** An issuer of this spec file alone, on a free port; its `token` signs whatever claims the test needs. */
export async function testIssuer(): Promise<Issuer> {
  return await startIssuer({ port: 0, users: [], clients: [registryFollower(registrySecret)] });
}
