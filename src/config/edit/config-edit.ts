import type { ConfigDocument } from '../document/config-document.ts'
import type { Config } from '../model.ts'

/** One edit of the config file, whatever it changes. Every step may throw `DaemonError`. */
export interface ConfigEdit {
  /** The account that it concerns; `null` for more than one, or for one that does not exist yet. */
  account: string | null
  /** The names of the settings that `apply` reads or writes; absent where it may be any. */
  keys?: readonly string[]
  /** Refuses what can be refused without reading the file. */
  prepare?(current: Config): void
  /** The document afterwards; the same one when nothing has to change. */
  apply(document: ConfigDocument, current: Config): ConfigDocument
  /** Whether the outcome is what was asked for, for the config that is in force and the one that would be. */
  check(before: Config, after: Config): void
  /** For the sender of an edit that met a newer file: the present values of what the edit would change. */
  present(file: ConfigDocument, current: Config): Record<string, unknown>
}
