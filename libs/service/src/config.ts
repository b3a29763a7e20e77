/** One environment variable that a service reads. Without `fallback` it must be set. */
export interface Setting {
  readonly name: string;
  readonly fallback?: string;
  readonly pattern?: RegExp;
}

/**
 * Reads a service's settings at once, so that a start without them lists everything that is missing.
 * @throws Error naming each variable that is missing or malformed, never its value
 */
export function readConfig<Key extends string>(
  settings: Record<Key, Setting>,
  environment: NodeJS.ProcessEnv = process.env,
): Record<Key, string> {
  const wrong: string[] = [];
  const values = {} as Record<Key, string>;
  for (const [key, setting] of Object.entries(settings) as [Key, Setting][]) {
    // An empty variable is one that was not given: shells and Compose files write them so.
    const value = environment[setting.name] || setting.fallback;
    if (!value) wrong.push(`${setting.name} is not set`);
    else if (setting.pattern && !setting.pattern.test(value)) wrong.push(`${setting.name} has a wrong form`);
    else values[key] = value;
  }
  if (wrong.length > 0) throw new Error(`Configuration: ${wrong.join('; ')}`);
  return values;
}
