import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

interface TextScalar {
  name: string;
  description: string;
  form: RegExp;
}

/** A scalar that travels as text of one form; GraphQL's own numbers forget đồng above 2^31. */
function textScalar({ name, description, form }: TextScalar): GraphQLScalarType<string, string> {
  const read = (value: unknown): string => {
    if (typeof value === 'string' && form.test(value)) return value;
    throw new GraphQLError(`${name} cannot represent this value: ${description}`);
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize: read,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
  });
}

export const Vnd = textScalar({
  name: 'Vnd',
  description: 'Whole đồng, as a string of digits: "720000"',
  form: /^-?(0|[1-9]\d{0,17})$/,
});

export const Day = textScalar({
  name: 'Day',
  description: 'A day of the calendar by ISO 8601: "2022-03-31"',
  form: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
});

export const Instant = textScalar({
  name: 'Instant',
  description: 'A moment by ISO 8601 with its offset: "2022-03-31T08:30:00Z"',
  form: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
});

export const scalars = { Vnd, Day, Instant };
