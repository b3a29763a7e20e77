import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** `_service { sdl }` is introspection by another door: the gateway is composed from the committed file instead. */
export function noSchemaText(context: ValidationContext): ASTVisitor {
  return {
    Field: (node) => {
      if (node.name.value !== '_service') return;
      context.reportError(new GraphQLError('The schema is not served here.', { nodes: node }));
    },
  };
}
