import './jest-typescript.mjs';

export default async function setUp() {
  const { startTestServers } = await import('./src/servers.ts');
  globalThis.stopTestServers = await startTestServers();
}
