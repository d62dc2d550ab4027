import { pathForms } from './path-forms.ts'
import { secretForms } from './secret-forms.ts'

/** What is really of this sandbox and must not leave it. */
export interface SandboxFacts {
  /** Absolute paths of directories and files. */
  paths: readonly string[]
  /** Values of secrets. */
  secrets: readonly string[]
  /** Whether such a text is a token or a code of ours. Asked for what has the form of one. */
  isOwnToken: (text: string) => boolean
}

/** Positions in a text, in UTF-16 code units. */
export type Range = [start: number, end: number]

interface Needle {
  text: string
  isOwn: (text: string, start: number, end: number) => boolean
}

/** A JSON Web Token, and 256 random bits in base64url, as this daemon makes them. */
const TOKEN = /(?<![\w-])(?:eyJ[\w-]{8,2000}\.[\w-]{2,4000}\.[\w-]{16,1000}|[\w-]{43})(?![\w-])/g
/** More than a config can name in earnest. */
const MAX_NEEDLES = 5_000
const PLAIN_WORD = /^(?:\p{L}+|\p{N}+)$/u
const LATIN_OR_DIGIT = /[\p{Script=Latin}\p{N}]/u
const LETTER = /[\p{L}\p{M}\p{N}]/u
/** How far before a path is looked for what it belongs to. */
const LOOK_BACK = 64
/** Directly before an absolute path: a flag (`-I/usr`), an encoded character, or the link of an editor. */
const ROOT_OF_ADDRESS = /(?<!https?|wss?|ftp):\/\/$|(?:^|[^\w:./~-])\/$/i
const MAY_PRECEDE = /(?:^|[^\w./-])-{1,2}[A-Za-z][\w-]{0,20}$|%[0-9A-Fa-f]{2}$|:\/\/file$/

/**
 * Finds what must not leave this sandbox: its paths and its secrets, literally, and its tokens. No general patterns: what only looks like
 * a key, and a path of another machine, is not found. A directory is found where it stands as one, not in `/home/user2` or `/mnt/home/user`.
 */
export class Redactor {
  readonly #needles: readonly Needle[]
  readonly #isOwnToken: (text: string) => boolean

  constructor({ paths, secrets, isOwnToken }: SandboxFacts) {
    const ofPaths = unique(paths.flatMap(pathForms)).map((text) => ({ text, isOwn: isWholePath }))
    const ofSecrets = unique(secrets.flatMap(secretForms)).map((text) => ({
      text,
      isOwn: PLAIN_WORD.test(text) ? isWord : () => true,
    }))
    this.#needles = [...ofSecrets, ...ofPaths].slice(0, MAX_NEEDLES)
    this.#isOwnToken = isOwnToken
  }

  /** Where they stand in `text`, in order; none touches another. */
  find(text: string): Range[] {
    const found: Range[] = []
    for (const { text: needle, isOwn } of this.#needles) {
      for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
        const end = at + needle.length
        if (isOwn(text, at, end)) found.push([at, end])
      }
    }
    for (const { index, 0: token } of text.matchAll(TOKEN)) {
      if (this.#isOwnToken(token)) found.push([index, index + token.length])
    }
    return joined(found)
  }
}

/** What overlaps or touches is one. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const [start, end] of ranges.toSorted(([one], [other]) => one - other)) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

function isWord(text: string, start: number, end: number): boolean {
  return !LATIN_OR_DIGIT.test(before(text, start)) && !LATIN_OR_DIGIT.test(after(text, end))
}

/**
 * Whether a path is not part of a longer one at either side. Scripts that put no space between words may go on right behind it, and a
 * sentence may end there; a directory in it may follow.
 */
function isWholePath(text: string, start: number, end: number): boolean {
  const next = after(text, end)
  if (next === '.' && /^\.[\p{Ll}\p{N}]/u.test(text.slice(end, end + 3))) return false
  const isOwnScript = !LATIN_OR_DIGIT.test(text.charAt(end - 1))
  if (/[\p{Script=Latin}\p{N}_-]/u.test(next) || (isOwnScript && LETTER.test(next))) return false
  const previous = before(text, start)
  if (!/[\w.~-]/.test(previous) && previous !== '/') return true
  const behind = text.slice(Math.max(0, start - LOOK_BACK), start)
  if (previous === '/') return ROOT_OF_ADDRESS.test(behind)
  return MAY_PRECEDE.test(behind)
}

function before(text: string, position: number): string {
  return Array.from(text.slice(Math.max(0, position - 2), position)).at(-1) ?? ''
}

function after(text: string, position: number): string {
  const code = text.codePointAt(position)
  return code === undefined ? '' : String.fromCodePoint(code)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
