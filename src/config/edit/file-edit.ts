import type { Config } from '../model.ts'
import type { ParsedConfig } from '../document/parse.ts'

/** One edit of the config file, whatever it changes. Every step may throw `DaemonError`. */
export interface FileEdit {
  /** The account that it concerns; `null` for more than one, or for one that does not exist yet. */
  account: string | null
  /** The names of the settings that `apply` reads or writes; absent where it may be any. */
  keys?: readonly string[]
  /** Refuses what can be refused without a look at the file. */
  prepare?(current: Config): void
  /** The text afterwards; the same text when nothing has to change. */
  apply(text: string, current: Config): string
  /** Whether the outcome is what was asked for, for the config that is in force and the one that would be. */
  check(before: Config, after: Config): void
  /** For somebody whose edit met a newer file: what stands there now of what they wanted to change. */
  present(file: ParsedConfig, current: Config): Record<string, unknown>
}
