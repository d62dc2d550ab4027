import { cutText } from '../../text/bounded-text.ts'
import { withoutThoughts } from '../../text/thought-filter.ts'
import { isAboutAnother, parseContent } from '../outbox/stored-content.ts'
import { storedFiles } from '../turns/files/stored-files.ts'
import { withoutFiles } from '../turns/files/without-files.ts'

/** What of a row of the inbox or the outbox may be searched, as it is stored. */
export interface SearchedColumns {
  isOurs: boolean | 0 | 1
  /** Of the outbox without its prefix. */
  text: string
  /** Of the inbox alone. */
  files: string | null
  transcript: string | null
  /** Of the outbox alone. */
  content: string | null
}

/** In UTF-16 code units: one message must not hold up the others. */
const MAX_LENGTH = 16_000
const FIRST_LABEL = /^\[[^\]\n]{1,40}\] ?/u

/**
 * What of a message can be found: its words, what a machine heard in it, the names of its files, of places and contacts. Not what we say of
 * a file (`[photo]`), nor what a model thought. In Unicode's form NFC; empty where there is nothing.
 */
export function searchedText(columns: SearchedColumns): string {
  const { isOurs, text, files, transcript, content } = columns
  if (isOurs) return bounded(ownWords(text, content))
  const described = storedFiles(files)
  const names = described.map(({ name }) => name ?? '')
  return bounded([withoutFiles(text, described), transcript ?? '', ...names])
}

function ownWords(text: string, content: string | null): string[] {
  const parsed = content === null ? null : parseContent(content)
  if (parsed === null) return [withoutThoughts(text)]
  if (isAboutAnother(content)) return []
  if (parsed.type === 'file') return [parsed.caption, parsed.kind === 'document' ? parsed.name : '']
  return [text.replace(FIRST_LABEL, '')]
}

function bounded(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== '').join('\n')
  return cutText(text, MAX_LENGTH).normalize('NFC')
}
