/** The services that the graph is made of, and their committed SDL. */
export const subgraphs = [
  { name: 'disbursements', schema: new URL('../../disbursements/schema.graphql', import.meta.url) },
  { name: 'registry', schema: new URL('../../registry/schema.graphql', import.meta.url) },
  { name: 'social-protection', schema: new URL('../../social-protection/schema.graphql', import.meta.url) },
  { name: 'employment-loans', schema: new URL('../../employment-loans/schema.graphql', import.meta.url) },
];

/** The composed graph, committed; the gateway reads nothing else of the subgraphs when it starts. */
export const supergraphFile = new URL('../supergraph.graphql', import.meta.url);
