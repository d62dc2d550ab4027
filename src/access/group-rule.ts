import type { GroupPolicy, GroupRule } from './policy.ts'

/** What holds in this group: its own settings, then those of `"*"`, then the defaults. */
export function groupRule(
  { groups }: GroupPolicy,
  group: string,
): { requireMention: boolean; agent: string | null } {
  const own: GroupRule | undefined = Object.hasOwn(groups, group) ? groups[group] : undefined
  const all: GroupRule | undefined = Object.hasOwn(groups, '*') ? groups['*'] : undefined
  return {
    requireMention: own?.requireMention ?? all?.requireMention ?? true,
    agent: own?.agent ?? all?.agent ?? null,
  }
}
