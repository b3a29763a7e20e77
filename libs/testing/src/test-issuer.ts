import { startIssuer, type Issuer } from '@ansinh/embedded';

/** An issuer of this spec file alone, on a free port; its `token` signs whatever claims the test needs. */
export async function testIssuer(): Promise<Issuer> {
  return await startIssuer({ port: 0, users: [] });
}
