import { accounts } from './accounts.ts'
import { agents } from './agents.ts'
import { counts } from './counts.ts'
import { dashboards } from './dashboards.ts'
import { fleet } from './fleet.ts'
import type { Group } from './group.ts'
import { idle } from './idle.ts'
import { load } from './load.ts'
import { long } from './long.ts'
import { media } from './media.ts'
import { reads } from './reads.ts'
import { sizes } from './sizes.ts'
import { start } from './start.ts'
import { webhooks } from './webhooks.ts'

/** By name, in the order in which they are measured and shown. */
export const GROUPS: Readonly<Record<string, Group>> = {
  start,
  idle,
  load,
  counts,
  accounts,
  media,
  agents,
  dashboards,
  reads,
  webhooks,
  sizes,
  fleet,
  long,
}

/** Of a list such as `start,idle`; `usual` and `all` are groups of groups. Throws when one does not exist. */
export function groupsOf(list: string): Record<string, Group> {
  const names = new Set(
    list.split(',').flatMap((name) => {
      if (name === 'all') return Object.keys(GROUPS)
      if (name === 'usual') return Object.keys(GROUPS).filter((each) => GROUPS[each]?.isUsual === true)
      if (GROUPS[name] === undefined)
        throw new RangeError(`no group "${name}": ${Object.keys(GROUPS).join(', ')}, usual, all`)
      return [name]
    }),
  )
  return Object.fromEntries(Object.entries(GROUPS).filter(([name]) => names.has(name)))
}

export function figuresOf(groups: Readonly<Record<string, Group>>): Group['figures'] {
  return Object.assign({}, ...Object.values(groups).map(({ figures }) => figures)) as Group['figures']
}
