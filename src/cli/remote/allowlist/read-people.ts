import { toPersonEntry } from '../../../config/edit/edit-allow-from.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { CommandFailure, USAGE_EXIT_CODE } from '../../command-failure.ts'

/** How links and other programs write a number: RFC 3966, wa.me, Twilio. */
const AROUND_NUMBER =
  /^(?:tel:|whatsapp:(?!\/\/)|(?:https?:\/\/)?(?:wa\.me\/|api\.whatsapp\.com\/send\/?\?phone=)|whatsapp:\/\/send\/?\?phone=)/i
/** A word that begins another person. `0011` may be a part of a number, `0044…` is a whole one. */
const BEGINS = /^(?:\+|\(\+|00[1-9]\d{6}|\*$|lid:|bsuid:|tel:|whatsapp:|https?:|wa\.me|api\.whatsapp)|@/i
const GROUP = /@g\.us$/i

/**
 * The people that the words of a command line name: E.164, `lid:<digits>`, `bsuid:<id>` or "*", each once. A number may be written
 * with spaces that nothing quotes. Throws `CommandFailure` for what names nobody, or may be one number as well as several.
 */
export function readPeople(words: readonly string[]): string[] {
  const groups: string[][] = []
  for (const word of words) {
    const latest = groups.at(-1)
    if (latest === undefined || BEGINS.test(word)) groups.push([word])
    else latest.push(word)
  }
  return [...new Set(groups.flatMap(readGroup))]
}

function readGroup(words: readonly string[]): string[] {
  const whole = words.join(' ')
  const joined = attempt(whole)
  const [first] = words
  if (words.length === 1 || first === undefined) return [joined.entry ?? refuse(whole, joined.why)]
  const single = words.map((word) => ({ word, ...attempt(word) }))
  const wrong = single.find(({ entry }) => entry === null)
  if (joined.entry !== null) {
    if (wrong !== undefined) return [joined.entry]
    throw new CommandFailure(
      `"${whole}" may be one number or ${words.length}: put one in quotation marks, and "+" before each`,
      { exitCode: USAGE_EXIT_CODE },
    )
  }
  if (wrong === undefined) return single.flatMap(({ entry }) => entry ?? [])
  // Pieces of a number alone say nothing: what is wrong is the number.
  const isOne = single.every(({ entry }) => entry === null)
  return isOne ? refuse(whole, joined.why) : refuse(wrong.word, wrong.why)
}

function attempt(written: string): { entry: string; why: '' } | { entry: null; why: string } {
  const word = written.trim().replace(AROUND_NUMBER, '')
  if (GROUP.test(word))
    return { entry: null, why: 'it is a group; groups are named in groups or groupAllowFrom of the config' }
  try {
    return { entry: toPersonEntry(word), why: '' }
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error
    return { entry: null, why: error.message }
  }
}

function refuse(written: string, why: string): never {
  throw new CommandFailure(`${written}: ${why}`)
}
