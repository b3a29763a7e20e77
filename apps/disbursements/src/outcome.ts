/** What a promise came to, to be asked for later: it gives the value or throws the error, and never rejects itself. */
export function outcomeOf<T>(promise: Promise<T>): Promise<() => T> {
  return promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
}
