import { type Labels, type Manifest, nameOf, selects, workloadsOf } from './manifests.js';

interface Peer {
  podSelector?: { matchLabels?: Labels };
  namespaceSelector?: object;
}

interface NetworkPolicySpec {
  podSelector: { matchLabels?: Labels; matchExpressions?: unknown[] };
  policyTypes: string[];
  ingress?: { from?: Peer[] }[];
  egress?: { to?: Peer[] }[];
}

/** Labels of pods that operators make. */
const operatorLabels = (manifests: Manifest[]): Labels[] =>
  manifests.flatMap(({ kind, apiVersion, metadata: { name } }): Labels[] => {
    if (!apiVersion.startsWith('postgresql.cnpg.io/')) return [];
    if (kind === 'Cluster') return [{ 'cnpg.io/cluster': name }];
    return kind === 'Pooler' ? [{ 'cnpg.io/poolerName': name }] : [];
  });

/** Everything is denied by default, and each exception is about pods that there are. */
export function networkErrors(manifests: Manifest[]): string[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const pods = [
    ...workloadsOf(manifests).map(({ template }) => template.metadata.labels),
    ...operatorLabels(manifests),
  ];
  const isThere = (labels: Labels | undefined) => !labels || pods.some((pod) => selects(labels, pod));
  const isDenial = ({ podSelector, policyTypes, ingress, egress }: NetworkPolicySpec) =>
    Object.keys(podSelector).length === 0 && policyTypes.length === 2 && !ingress && !egress;
  const errors = policies.some(({ spec }) => isDenial(spec as unknown as NetworkPolicySpec))
    ? []
    : ['nothing denies what no NetworkPolicy allows'];
  for (const policy of policies) {
    const { podSelector, ingress = [], egress = [] } = policy.spec as unknown as NetworkPolicySpec;
    const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
    const own = peers
      .filter(({ namespaceSelector }) => !namespaceSelector)
      .map((peer) => peer.podSelector?.matchLabels);
    // 192.0.2.0/24 names nobody: the base has it where each overlay must put an address.
    if (JSON.stringify(policy.spec).includes('"192.0.2.'))
      errors.push(`${nameOf(policy)}: has no address of its own`);
    for (const labels of [podSelector.matchLabels, ...own]) {
      if (!isThere(labels)) errors.push(`${nameOf(policy)}: no pod is labelled ${JSON.stringify(labels)}`);
    }
  }
  return errors;
}
