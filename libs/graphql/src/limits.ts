import type { ApolloServerPlugin } from '@apollo/server';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { ProblemError } from '@ansinh/problem';
import { pageSizeMax } from './connection.js';
import { requestError, type GraphqlContext } from './errors.js';
import { graphqlProblems } from './graphql.problems.js';

/** What one request may ask for. */
export interface QueryLimits {
  /** Fields inside fields. */
  readonly depth: number;
  /** Fields under another name: each of them is computed anew. */
  readonly aliases: number;
  /** Of the document: comments and long texts are no tokens. Values belong into variables. */
  readonly characters: number;
  /** Words and signs of the document; refused by the parser, before anything else looks at it. */
  readonly tokens: number;
  /** Values that the answer can hold at most, pages counted at the size asked for. */
  readonly cost: number;
}

export const gatewayLimits: QueryLimits = {
  depth: 12,
  aliases: 30,
  characters: 50_000,
  tokens: 1_000,
  cost: 20_000,
};

/** The gateway writes queries of its own, with keys and type names added: what it lets through must not fail here. */
export const subgraphLimits: QueryLimits = {
  depth: 14,
  aliases: 60,
  characters: 80_000,
  tokens: 1_500,
  cost: 40_000,
};

export interface Weight {
  depth: number;
  aliases: number;
  cost: number;
}

export interface Query {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: readonly FragmentDefinitionNode[];
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Weighs a validated operation, its variables included. Each fragment is weighed once, however often it is spread:
 * the time is linear in the document even where the answer would be exponential.
 */
export function weigh(query: Query): Weight {
  return new Scale(query).ofOperation();
}

class Scale {
  private readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, Weight>();

  constructor(private readonly query: Query) {
    this.fragments = new Map(query.fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  ofOperation(): Weight {
    const { operation, schema } = this.query;
    return this.ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
  }

  private ofSelections(set: SelectionSetNode, parent: GraphQLNamedType | undefined): Weight {
    const total = { depth: 0, aliases: 0, cost: 0 };
    for (const selection of set.selections) {
      const weight = this.ofSelection(selection, parent);
      total.depth = Math.max(total.depth, weight.depth);
      total.aliases += weight.aliases;
      total.cost += weight.cost;
    }
    return total;
  }

  private ofSelection(selection: SelectionNode, parent: GraphQLNamedType | undefined): Weight {
    if (selection.kind === Kind.FIELD) return this.ofField(selection, parent);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.ofFragment(selection.name.value);
    const type = selection.typeCondition
      ? this.query.schema.getType(selection.typeCondition.name.value)
      : parent;
    return this.ofSelections(selection.selectionSet, type);
  }

  private ofFragment(name: string): Weight {
    const known = this.known.get(name);
    if (known) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) throw new Error(`the fragment ${name} is not defined`);
    const type = this.query.schema.getType(fragment.typeCondition.name.value);
    const weight = this.ofSelections(fragment.selectionSet, type);
    this.known.set(name, weight);
    return weight;
  }

  private ofField(field: FieldNode, parent: GraphQLNamedType | undefined): Weight {
    const aliases = field.alias ? 1 : 0;
    // What the schema says of itself is bounded, and asked for only where introspection is allowed.
    if (!field.selectionSet || field.name.value.startsWith('__')) return { depth: 1, aliases, cost: 1 };
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
    const below = this.ofSelections(field.selectionSet, definition && getNamedType(definition.type));
    const defaultSize = definition?.args.find(({ name }) => name === 'first')?.defaultValue;
    return {
      depth: 1 + below.depth,
      aliases: aliases + below.aliases,
      cost: 1 + this.sizeOf(field, defaultSize) * below.cost,
    };
  }

  /** Nodes under a field: the page asked for, or the entities that a gateway asks for. One where neither is the case. */
  private sizeOf(field: FieldNode, defaultSize: unknown): number {
    const valueOf = (name: string) => {
      const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
      return value && this.read(value);
    };
    const entities = valueOf('representations');
    if (Array.isArray(entities)) return entities.length;
    const first = valueOf('first') ?? defaultSize;
    if (first === undefined) return 1;
    // A size that is no number is refused later; until then it counts as the largest page.
    return typeof first === 'number' && Number.isFinite(first) ? Math.max(1, first) : pageSizeMax;
  }

  private read(value: ValueNode): unknown {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind === Kind.LIST) return value.values;
    if (value.kind !== Kind.VARIABLE) return value.kind === Kind.NULL ? undefined : value;
    const name = value.name.value;
    const given = this.query.variables[name];
    if (given !== undefined && given !== null) return given;
    const declared = this.query.operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    return declared?.defaultValue && this.read(declared.defaultValue);
  }
}

/** Refuses what is larger than the limits before anything is fetched, and more than one command in a request. */
export function limitsPlugin(limits: QueryLimits): ApolloServerPlugin<GraphqlContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, operation, document, request, contextValue }) => {
        // Without one, e.g. under a name that the document does not have, nothing will be executed.
        if (!operation) return;
        const fragments = document.definitions.filter(
          (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
        );
        const weight = weigh({ schema, operation, fragments, variables: request.variables ?? {} });
        const refusal = overLimit(weight, limits) ?? manyCommands(operation);
        if (refusal) throw requestError(refusal, contextValue.req);
      },
    }),
  };
}

/** Measured before Apollo reads the document. Over GET, where the address is short anyway, there is no body. */
export function tooLong(body: unknown, { characters }: QueryLimits): ProblemError | undefined {
  const query = (body as { query?: unknown } | null | undefined)?.query;
  const isTooLong = typeof query === 'string' && query.length > characters;
  return isTooLong ? tooLarge('characters', characters, query.length) : undefined;
}

function overLimit(weight: Weight, limits: QueryLimits): ProblemError | undefined {
  const limit = (['depth', 'aliases', 'cost'] as const).find((name) => weight[name] > limits[name]);
  return limit && tooLarge(limit, limits[limit], weight[limit]);
}

/** The second command of a request would meet the Idempotency-Key of the first, and leave the work half done. */
function manyCommands({ operation, selectionSet }: OperationDefinitionNode): ProblemError | undefined {
  if (operation !== 'mutation') return undefined;
  const commands = selectionSet.selections.filter(
    (selection) => selection.kind !== Kind.FIELD || selection.name.value !== '__typename',
  );
  const isOne = commands.length === 1 && commands[0]?.kind === Kind.FIELD;
  return isOne ? undefined : new ProblemError(graphqlProblems.oneCommand);
}

const limitNames = {
  depth: { vi: 'Độ sâu', en: 'The depth' },
  aliases: { vi: 'Số bí danh', en: 'The number of aliases' },
  characters: { vi: 'Độ dài câu truy vấn', en: 'The length of the query' },
  cost: { vi: 'Số giá trị tối đa của câu trả lời', en: 'The number of values that the answer can hold' },
};

function tooLarge(limit: keyof typeof limitNames, max: number, found: number): ProblemError {
  return new ProblemError(graphqlProblems.queryTooLarge, {
    detail: {
      vi: `${limitNames[limit].vi} là ${found}, tối đa ${max}. Hãy chia nhỏ câu truy vấn hoặc giảm «first».`,
      en: `${limitNames[limit].en} is ${found}; at most ${max} is allowed. Split the query, or ask for smaller pages.`,
    },
    extensions: { limit, max, found },
  });
}
