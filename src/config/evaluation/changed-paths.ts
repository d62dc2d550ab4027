import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../model.ts'

/** Dotted paths of the settings whose effective value differs between two configs. */
export function changedPaths(before: Config, after: Config): string[] {
  return [
    ...differences(flattened(before.accounts), flattened(after.accounts), 'accounts'),
    ...differences(before.daemon, after.daemon, 'whatsappd'),
    ...(before.defaultAccount === after.defaultAccount ? [] : ['defaultAccount']),
    ...(before.configWrites === after.configWrites ? [] : ['configWrites']),
    ...(before.maxAccounts === after.maxAccounts ? [] : ['maxAccounts']),
  ]
}

/** Accounts with the keys of the access policies beside the others, as the file has them. */
function flattened(accounts: Config['accounts']): object {
  return Object.fromEntries(
    Object.entries(accounts).map(([id, account]) => {
      const { access, groupAccess, written: _w, entries: _e, section: _s, ...own } = account
      const { tool: _t, overruled: _o, chosen: _c, ...rest } = own
      return [id, { ...rest, ...access, ...groupAccess }]
    }),
  )
}

/** Two levels deep: an account's or a section's keys, without the values. */
function differences(before: object, after: object, path: string, depth = 2): string[] {
  if (isDeepStrictEqual(before, after)) return []
  const changed: string[] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [left, right]: unknown[] = [Reflect.get(before, key), Reflect.get(after, key)]
    if (isDeepStrictEqual(left, right)) continue
    const inner = `${path}.${key}`
    if (depth > 1 && isObject(left) && isObject(right))
      changed.push(...differences(left, right, inner, depth - 1))
    else changed.push(inner)
  }
  return changed
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
