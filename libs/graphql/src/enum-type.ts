import { registerEnumType } from '@nestjs/graphql';

/**
 * Makes a GraphQL enum of the words that the service itself uses: `inFlight` is `IN_FLIGHT` to callers.
 * @returns the reference for `@Field(() => …)`
 */
export function enumType(
  name: string,
  words: readonly string[],
  description: string,
): Record<string, string> {
  const values = Object.fromEntries(words.map((word) => [upperSnake(word), word]));
  registerEnumType(values, { name, description });
  return values;
}

function upperSnake(word: string): string {
  return /^[A-Z_]+$/.test(word) ? word : word.replace(/[A-Z]/g, '_$&').toUpperCase();
}
