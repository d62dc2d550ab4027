import type { TurnAttachment } from '../agent.ts'
import { readBeginning } from './read-turn-file.ts'

const TEXT_TYPE =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript|sql|x-sh|x-ndjson|csv)\b)/i
const TEXT_NAME =
  /\.(?:txt|md|markdown|csv|tsv|log|json|jsonl|ndjson|json5|ya?ml|toml|ini|cfg|conf|env|xml|html?|css|sql|sh|bash|ps1|bat|py|rb|pl|php|js|mjs|cjs|ts|tsx|jsx|vue|java|kt|swift|go|rs|c|h|cc|cpp|hpp|cs|r|lua|tex|rst|org|srt|vtt|ics|vcf|diff|patch)$/i
/** Some are made of printable characters alone. */
const PDF = '%PDF-'
/** What no text has; line ends, tabs and the page break are in many. */
const CONTROL = /(?![\t\n\r\f])\p{Cc}/u

/**
 * A document of words (plain text, Markdown, CSV, JSON, source) as text: at most the beginning that `maxBytes` hold. `null` where
 * neither its type nor its name says that it is one, and where its bytes are something else. Never rejects.
 */
export async function readTextDocument(
  { kind, path, name, mimeType }: TurnAttachment,
  maxBytes: number,
): Promise<{ text: string; isCut: boolean } | null> {
  const isOne = TEXT_TYPE.test(mimeType ?? '') || TEXT_NAME.test(name ?? '')
  if (kind !== 'document' || path === null || !isOne) return null
  const begun = await readBeginning(path, maxBytes)
  const text = begun === null ? null : decode(begun.bytes, begun.isCut)
  return begun === null || text === null ? null : { text, isCut: begun.isCut }
}

/** UTF-8, UTF-16 with its mark, or what Windows and old spreadsheets write; `null` for what is no text. */
function decode(bytes: Buffer, isCut: boolean): string | null {
  const mark = bytes.toString('latin1', 0, 2)
  const encodings =
    mark === '\xff\xfe' ? ['utf-16le'] : mark === '\xfe\xff' ? ['utf-16be'] : ['utf-8', 'windows-1252']
  for (const encoding of encodings) {
    try {
      // A cut may stand in the middle of a character.
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut })
      return CONTROL.test(text) || text.startsWith(PDF) ? null : text
    } catch {
      // Not in this encoding.
    }
  }
  return null
}
