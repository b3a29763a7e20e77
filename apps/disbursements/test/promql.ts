import { parser } from '@prometheus-io/lezer-promql';

/** What Prometheus adds to every series itself. */
const ofTheScrape = ['instance', 'job'];

/** The series of one metric that a process has shown: every value of every label. */
export type SeenMetrics = Map<string, Map<string, Set<string>>>;

/** Reads what `/metrics` answers. */
export function readMetrics(text: string, seen: SeenMetrics = new Map()): SeenMetrics {
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (!name) continue;
    const known = seen.get(name) ?? new Map<string, Set<string>>();
    seen.set(name, known);
    for (const [, label, value] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      known.set(label!, (known.get(label!) ?? new Set()).add(value!));
    }
  }
  return seen;
}

/** The value of one series; undefined where it is absent. */
export function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** What is wrong with a query: it does not parse, or asks for a metric, a label or a value that nobody emits. */
export function faultsOf(query: string, seen: SeenMetrics): string[] {
  const faults: string[] = [];
  const metrics: string[] = [];
  const textOf = ({ from, to }: { from: number; to: number }) => query.slice(from, to);
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) faults.push(`does not parse at ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') {
        const identifier = node.node.getChild('Identifier');
        const name = identifier ? textOf(identifier) : '';
        metrics.push(name);
        if (!seen.has(name)) faults.push(`no metric ${name}`);
        const matchers = node.node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        for (const matcher of matchers) faults.push(...faultsOfMatcher(textOf(matcher), seen.get(name)));
      }
    },
  });
  for (const label of groupedBy(query)) {
    const isKnown = ofTheScrape.includes(label) || metrics.some((metric) => seen.get(metric)?.has(label));
    if (!isKnown) faults.push(`no label ${label} in ${metrics.join(', ')}`);
  }
  return faults;
}

/** Labels that the result of a query has. */
export function labelsOf(query: string, seen: SeenMetrics): string[] {
  const grouped = groupedBy(query).filter((label) => label !== 'le');
  if (grouped.length > 0 || /\b(sum|max|min|absent)\s*\(/.test(query)) return grouped;
  const metrics = [...seen.keys()].filter((name) => query.includes(name));
  return [...ofTheScrape, ...metrics.flatMap((metric) => [...(seen.get(metric)?.keys() ?? [])])];
}

function groupedBy(query: string): string[] {
  return [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(/,\s*/));
}

function faultsOfMatcher(matcher: string, labels: Map<string, Set<string>> | undefined): string[] {
  const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(matcher) ?? [];
  if (ofTheScrape.includes(label) || !labels) return [];
  const values = labels.get(label);
  if (!values) return [`no label ${label}: ${matcher}`];
  // States and outcomes are all shown from the start; of statuses and routes only those that occurred are.
  if (['status', 'route', 'method'].includes(label)) return [];
  const wanted = operator.endsWith('~') ? value.split('|') : [value];
  return wanted.filter((one) => !values.has(one)).map((one) => `no ${label} is ever ${one}: ${matcher}`);
}
