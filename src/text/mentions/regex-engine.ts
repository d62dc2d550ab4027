import { createRequire } from 'node:module'
import type * as Re2 from 're2js'

type RegexEngine = typeof Re2.RE2JS

let engine: RegexEngine | null = null

/**
 * A regular-expression engine whose time grows with the text alone, whatever the pattern: people in a group choose the text. Loaded at
 * the first call, because few configs have such a pattern. `src/tools/build.mjs` puts it into a file of its own beside the program.
 */
export function regexEngine(): RegexEngine {
  // What the package exports, as its types say.
  engine ??= (createRequire(import.meta.url)('re2js') as typeof Re2).RE2JS
  return engine
}
