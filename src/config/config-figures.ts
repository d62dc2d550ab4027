import type { ConfigSource } from './model.ts'

/** How much is wrong with the config file, in numbers. */
export function configFigures({ problems, current, needsRestart }: ConfigSource): {
  errors: number
  entries: number
  notices: number
  needsRestart: number
} {
  return {
    errors: problems.length,
    entries: current.badEntries?.total ?? 0,
    notices: current.notices.length,
    needsRestart: needsRestart.length,
  }
}
