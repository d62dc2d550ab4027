import { foldedText, hasName } from './find-name.ts'
import { regexEngine } from './regex-engine.ts'

/** Whether a text has what a pattern looks for. `folded` is the text by `foldedText`. */
type MentionPattern = (text: string, folded: string) => boolean

/** Beyond it an expression reads nothing: several of them see every message of a group. */
const MAX_READ = 4_000
/** Steps of a compiled expression: each may cost time at every character that is read. Ordinary ones have fewer than 50. */
const MAX_STEPS = 250
const REGEX = /^\/(.+)\/([a-z]*)$/s
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u
/** `u` says nothing here: letters are always whole characters. */
const FLAGS = /^[imsu]*$/

/**
 * What one entry of `mentionPatterns` looks for: a name, or a regular expression between slashes. Throws `SyntaxError` with a sentence for
 * the person who wrote it.
 */
export function mentionPattern(written: string): MentionPattern {
  const [, source, flags = ''] = REGEX.exec(written.trim()) ?? []
  if (source === undefined) return namePattern(written)
  if (!FLAGS.test(flags)) throw new SyntaxError(`"${flags}" are no flags; known are i, m and s`)
  return regexPattern(source, flags)
}

function regexPattern(source: string, flags: string): MentionPattern {
  const engine = regexEngine()
  const bits = {
    i: engine.CASE_INSENSITIVE,
    m: engine.MULTILINE,
    s: engine.DOTALL,
  }
  const all = Object.entries(bits).reduce((sum, [flag, bit]) => (flags.includes(flag) ? sum | bit : sum), 0)
  try {
    const compiled = engine.compile(source, all)
    if (compiled.programSize() > MAX_STEPS)
      throw new SyntaxError('its repetitions make it too large to be looked for in every message')
    return (text) => compiled.matcher(text.slice(0, MAX_READ)).find()
  } catch (error) {
    throw new SyntaxError(sentence(error), { cause: error })
  }
}

function namePattern(written: string): MentionPattern {
  const name = foldedText(written).trim()
  if (!VISIBLE.test(name)) throw new SyntaxError('a name needs a character that can be seen')
  return (_text, folded) => hasName(folded, name)
}

function sentence(error: unknown): string {
  if (error instanceof SyntaxError) return error.message
  const why = error instanceof Error ? error.message : 'it cannot be read'
  return `not a regular expression that is known here (${why})`
}
