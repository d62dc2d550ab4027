import type { SettingChange } from './edit-settings.ts'

/**
 * The same changes, of which those that follow one another and add entries to one list, or remove some, are one for each: every
 * change of a long list reads it again. Of an entry that is added and removed the last wish counts.
 */
export function mergeListChanges(
  changes: readonly SettingChange[],
  readEntry: (key: string, entry: string) => string,
): SettingChange[] {
  const merged: SettingChange[] = []
  let run: SettingChange[] = []
  const finish = (): void => {
    merged.push(...mergeRun(run, readEntry))
    run = []
  }
  for (const change of changes) {
    const isOfList = change.add !== undefined || change.remove !== undefined
    // A list of one account can begin with what the list of all of them holds by then.
    if (!isOfList || run[0]?.account !== change.account) finish()
    if (isOfList) run.push(change)
    else merged.push(change)
  }
  finish()
  return merged
}

/** Of one account. */
function mergeRun(
  run: readonly SettingChange[],
  readEntry: (key: string, entry: string) => string,
): SettingChange[] {
  if (run.length < 2) return [...run]
  const lists = new Map<string, { change: SettingChange; wishes: Map<string, 'add' | 'remove'> }>()
  for (const change of run) {
    const [key = ''] = change.path
    const list = lists.get(key) ?? { change, wishes: new Map<string, 'add' | 'remove'>() }
    lists.set(key, list)
    for (const kind of ['add', 'remove'] as const) {
      for (const entry of change[kind] ?? []) {
        const meaning = readEntry(key, entry)
        list.wishes.delete(meaning)
        list.wishes.set(meaning, kind)
      }
    }
  }
  return [...lists.values()].flatMap(({ change: { account, path }, wishes }) =>
    (['remove', 'add'] as const).flatMap((kind) => {
      const entries = [...wishes].flatMap(([entry, wish]) => (wish === kind ? [entry] : []))
      return entries.length === 0 ? [] : [{ account, path, [kind]: entries }]
    }),
  )
}
