/** The sentence in the language of the terminal. */
export function say(vietnamese, english) {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  return locale.toLowerCase().startsWith('vi') ? vietnamese : english;
}

/** A message for the reader, printed without a stack trace. */
export class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function progress(vietnamese, english) {
  process.stderr.write(`${say(vietnamese, english)}\n`);
}
