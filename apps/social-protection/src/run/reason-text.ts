import type { Text } from '@ansinh/language';
import { nationalCatalogue, type Reason } from '@ansinh/policy';
import type { ProgrammeCode } from '../programme/programmes.js';

const nothing: Text = { vi: 'không có', en: 'none' };
const yes: Text = { vi: 'có', en: 'yes' };
const no: Text = { vi: 'không', en: 'no' };
const ruleChanges: Record<'began' | 'ended' | 'rewritten', Text> = {
  began: { vi: 'bắt đầu áp dụng', en: 'applies now' },
  ended: { vi: 'thôi áp dụng', en: 'applies no more' },
  rewritten: { vi: 'được sửa', en: 'was changed' },
};

/** A reason as an official reads it, by the names of the law. */
export function reasonText(programme: ProgrammeCode, reason: Reason): Text {
  const { programme: law, facts, parameters } = nationalCatalogue().programmes[programme]!;
  switch (reason.kind) {
    case 'parameter': {
      const { name } = parameters[reason.name]!;
      const { before, after } = reason;
      return fromTo(name, valueText(before), valueText(after));
    }
    case 'rule': {
      const rules = law.groups.flatMap((group) => group.rules);
      const { name } = rules.find(({ rule, id }) => (rule ?? id) === reason.rule)!;
      const change = ruleChanges[reason.change];
      return { vi: `${name.vi}: ${change.vi}`, en: `${name.en}: ${change.en}` };
    }
    case 'fact': {
      const { name, values } = facts[reason.name]!;
      return fromTo(name, valueText(reason.before, values), valueText(reason.after, values));
    }
  }
}

const fromTo = (name: Text, before: Text, after: Text): Text => ({
  vi: `${name.vi}: ${before.vi} → ${after.vi}`,
  en: `${name.en}: ${before.en} → ${after.en}`,
});

type Value = Extract<Reason, { kind: 'fact' }>['before'];

function valueText(value: Value, values: Record<string, Text> = {}): Text {
  if (value === undefined || value === null) return nothing;
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'object') {
    const parts = value.map((part) => valueText(part, values));
    return parts.length === 0
      ? nothing
      : { vi: parts.map(({ vi }) => vi).join('; '), en: parts.map(({ en }) => en).join('; ') };
  }
  const text = String(value);
  return (
    values[text] ??
    (/^\d{4,}$/.test(text)
      ? { vi: Number(text).toLocaleString('vi'), en: Number(text).toLocaleString('en') }
      : { vi: text, en: text })
  );
}
