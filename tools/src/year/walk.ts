import type { Suite } from '@ansinh/embedded';
import { tokenFor } from '../demo/sign-in.js';

/** From what a bank tells to the law: one query. */
const fromStatement = `query ($endToEndId: String!) {
  statementEntries(endToEndId: $endToEndId) {
    kind documentId reference direction amount bookedOn messageId payments
    payment {
      endToEndId amount state paidOn
      entitlement {
        amount state
        decision { outcome amount rules digest articles { number article clause } facts { fact value } }
      }
      person { id numberKey }
    }
  }
}`;

/** Everything that a person has to do with the province: one query. */
const pageOfPerson = `query ($id: ID!) {
  person(id: $id) {
    name citizenNumber
    loans(first: 5) { edges { node { code state grantedAmount } } }
    entitlements(first: 10) { edges { node { programme period amount state endToEndId decision { rules articles { number article } } } } }
    dossiers(first: 5) { edges { node { code state } } }
    payments(first: 10) { edges { node { endToEndId paidOn paidAmount statementEntries { kind reference } } } }
  }
}`;

interface PersonPage {
  name: string;
  /** Masked. */
  citizenNumber: string;
  entitlements: { edges: { node: { endToEndId: string | null } }[] };
  [field: string]: unknown;
}

export interface Walks {
  fromStatement: object[];
  person: PersonPage;
}

/**
 * From a person to everything about him, and from what the bank has booked of one of his payments back to the law. As an auditor, who is
 * told no number of anybody. @throws Error for an answer with an error in it, and for a person who was granted nothing
 */
export async function walkGraph(suite: Suite, personId: string): Promise<Walks> {
  const token = await tokenFor(suite, 'auditor');
  const ask = async <Data>(query: string, variables: object) => {
    const answer = await fetch(`${suite.addresses.gateway}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as { data: Data; errors?: object[] };
    if (errors) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
    return data;
  };
  const { person } = await ask<{ person: PersonPage }>(pageOfPerson, { id: personId });
  const endToEndId = person.entitlements.edges[0]?.node.endToEndId;
  if (!endToEndId) throw new Error('The person was granted nothing');
  const { statementEntries } = await ask<{ statementEntries: object[] }>(fromStatement, { endToEndId });
  return { fromStatement: statementEntries, person };
}
