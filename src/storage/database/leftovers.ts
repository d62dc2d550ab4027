import { backupsOf } from './migrate.ts'

/** What was set aside of this database, or copied before its migrations: all that is to go when its secrets are erased. */
export function leftoversOf(path: string): string[] {
  const aside = ['damaged', 'replaced'].flatMap((suffix) =>
    ['', '-wal', '-journal'].map((part) => `${path}.${suffix}${part}`),
  )
  return [...aside, ...backupsOf(path)]
}
