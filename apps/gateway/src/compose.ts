import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

interface SubgraphText {
  name: string;
  sdl: string;
}

/**
 * Composes the supergraph. A hint fails it as an error does: an input type that differs between two subgraphs composes,
 * and silently loses the field that only one of them has.
 * @throws Error with every error and every hint
 */
export function compose(subgraphs: readonly SubgraphText[]): string {
  const { supergraphSdl, errors, hints } = composeServices(
    // The addresses are configuration of the gateway: those in the supergraph lead nowhere.
    subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs: parse(sdl) })),
  );
  const complaints = [
    ...(errors ?? []).map(({ message }) => message),
    ...(hints ?? []).map((hint) => `${hint.definition.code}: ${hint.message}`),
  ];
  if (complaints.length > 0 || supergraphSdl === undefined) {
    throw new Error(['The subgraphs do not compose:', ...complaints].join('\n  '));
  }
  return supergraphSdl;
}
