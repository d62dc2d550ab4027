import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'

/** What WhatsApp's marks do, each by the tag that shows it. Inside of `code` no other mark counts. */
const MARKS: readonly { mark: string; show: (inside: unknown) => TemplateResult; isLiteral?: true }[] = [
  { mark: '`', show: (inside) => html`<code>${inside}</code>`, isLiteral: true },
  { mark: '*', show: (inside) => html`<strong>${inside}</strong>` },
  { mark: '_', show: (inside) => html`<em>${inside}</em>` },
  { mark: '~', show: (inside) => html`<s>${inside}</s>` },
]

/** Of a whole line. */
const QUOTE = /^> ?/
const ITEM = /^ *(?:[-*]|\d{1,3}\.) /
const WORD = /[\p{L}\p{N}]/u
/** A mark inside of a mark inside of …: deeper ones are shown as they were written. */
const MAX_DEPTH = 5
/** Up to a space or a mark that turns the direction of writing, which would make the address read as another one. */
const ADDRESS = /https?:\/\/[^\s<>"`\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/iy
const OPENING = '([{'
const CLOSING = ')]}'
const SENTENCE_END = ".,:;!?'*_~…"

/**
 * A message's text as a phone shows it: bold, italic, struck, code, quotes, lists, and links to `http:` and `https:`, which get no
 * handle of this page; every other character as it is. Blocks of code may have several lines, every other mark ends with its line.
 */
export function whatsAppText(text: string): unknown {
  return text.split(/```([^`]+)```/).map((piece, index, pieces) => {
    if (index % 2 === 1) return html`<code class="block">${piece.replaceAll(/^\n|\n$/g, '')}</code>`
    const before = index > 0 ? piece.replace(/^\n/, '') : piece
    const alone = index < pieces.length - 1 ? before.replace(/\n$/, '') : before
    return alone === '' ? nothing : alone.split('\n').map(showLine)
  })
}

function showLine(line: string): TemplateResult {
  if (QUOTE.test(line)) return html`<span class="line quoted">${showMarks(line.replace(QUOTE, ''), 0)}</span>`
  const [item] = ITEM.exec(line) ?? []
  if (item === undefined) return html`<span class="line">${showMarks(line, 0)}</span>`
  // With the spaces before it: a list in a list.
  const mark = /\d/.test(item) ? item.trimEnd() : item.trimEnd().replace(/[-*]$/, '•')
  const rest = showMarks(line.slice(item.length), 0)
  return html`<span class="line item"><span class="mark">${mark}</span><span>${rest}</span></span>`
}

function showMarks(text: string, depth: number): unknown {
  if (depth >= MAX_DEPTH) return text
  const shown: unknown[] = []
  let done = 0
  for (let start = 0; start < text.length; start += 1) {
    if (WORD.test(text.charAt(start - 1))) continue
    const written = writtenAddress(text, start)
    if (written !== '') {
      const address = withoutSentence(written)
      if (URL.canParse(address)) {
        shown.push(text.slice(done, start), showLink(address))
        done = start + address.length
        start = done - 1
      } else {
        // What only begins as an address is read once, however many beginnings are in it.
        start += written.length - 1
      }
      continue
    }
    const found = MARKS.find(({ mark }) => text.charAt(start) === mark)
    if (found === undefined) continue
    const end = closing(text, found.mark, start + 1)
    if (end === -1) continue
    const inside = text.slice(start + 1, end)
    shown.push(
      text.slice(done, start),
      found.show(found.isLiteral === true ? inside : showMarks(inside, depth + 1)),
    )
    done = end + 1
    start = end
  }
  return [...shown, text.slice(done)]
}

/** What begins there as an address does; `''` for nothing. */
function writtenAddress(text: string, start: number): string {
  if (!/[hH]/.test(text.charAt(start))) return ''
  ADDRESS.lastIndex = start
  return ADDRESS.exec(text)?.[0] ?? ''
}

/** The address without the marks of the sentence around it. A bracket that the address has not opened belongs to the sentence. */
function withoutSentence(written: string): string {
  let surplus = 0
  for (const character of written)
    surplus += Number(CLOSING.includes(character)) - Number(OPENING.includes(character))
  let end = trimmedEnd(written, written.length)
  for (; surplus > 0 && CLOSING.includes(written.charAt(end - 1)); surplus -= 1) end -= 1
  return written.slice(0, trimmedEnd(written, end))
}

/** By a loop: an expression that is bound to the end is tried at each mark before it. */
function trimmedEnd(text: string, from: number): number {
  let end = from
  while (end > 0 && SENTENCE_END.includes(text.charAt(end - 1))) end -= 1
  return end
}

function showLink(address: string): TemplateResult {
  return html`<a href=${new URL(address).href} target="_blank" rel="noopener noreferrer nofollow"
    >${address}</a
  >`
}

/** A pair stands around text without a space at its ends, and no word goes on behind it. Several marks in a row are none. */
function closing(text: string, mark: string, from: number): number {
  const first = text.charAt(from)
  if (first.trim() === '' || first === mark) return -1
  const end = text.indexOf(mark, from)
  if (end === -1 || text.charAt(end - 1).trim() === '') return -1
  return WORD.test(text.charAt(end + 1)) || text.charAt(end + 1) === mark ? -1 : end
}
