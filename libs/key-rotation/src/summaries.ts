/** What each operation does, in a few words, for the page on which the interface is browsed. */
export const keySummaries = {
  listSealingKeys: 'List the sealing keys by version, and what is sealed under each',
  rotateKey: 'Seal everything anew under the newest key',
  getKeyRotation: 'Get how far a key rotation is',
};
