import type { Token } from 'markdown-it'
import { isUnopenable } from './address-kinds.ts'
import { placeTags } from './place-tags.ts'
import { type Tilde, type WhatsAppMarks, whatsAppMarks } from './whatsapp-marks.ts'

export type Style = 'bold' | 'italic' | 'strike'

/** A piece of a paragraph: what is shown, where a style begins and ends, or the end of a line. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'open'; style: Style }
  | { kind: 'close'; style: Style }
  | { kind: 'break' }

const STYLES: Readonly<Record<string, Style>> = { strong: 'bold', em: 'italic', s: 'strike' }

/** What the inline tokens of a paragraph show. Links are "text (address)"; markup is gone. */
export function toPieces(tokens: readonly Token[]): Piece[] {
  const placed = placeTags(tokens)
  return piecesOf(placed, whatsAppMarks(placed))
}

function piecesOf(tokens: readonly Token[], marks: WhatsAppMarks): Piece[] {
  const pieces: Piece[] = []
  /** Where the text of the open links begins. */
  const links: { at: number; address: string }[] = []
  for (const token of tokens) {
    if (token.type === 'link_open') links.push({ at: pieces.length, address: addressOf(token, 'href') })
    else if (token.type === 'link_close') closeLink(pieces, links.pop())
    else if (token.type !== 'text' || token.content !== '') pieces.push(...toPiece(token, marks))
  }
  return pieces
}

function toPiece(token: Token, marks: WhatsAppMarks): Piece[] {
  const { type, content } = token
  const tildes = marks.tildes.get(token)
  if (tildes !== undefined) return struckOut(content, tildes)
  if (type === 'text' || type === 'text_special' || type === 'address' || type === 'formula')
    return content
      .split('\n')
      .flatMap((text, index): Piece[] => [
        ...(index === 0 ? [] : [{ kind: 'break' } as const]),
        { kind: 'text', text },
      ])
  if (type === 'code_inline') return [{ kind: 'code', text: content }]
  if (type === 'softbreak' || type === 'hardbreak') return [{ kind: 'break' }]
  if (type === 'image') {
    const image = piecesOf(placeTags(token.children ?? []), marks)
    closeLink(image, { at: 0, address: addressOf(token, 'src') })
    return image
  }
  const [, name = '', edge] = /^(strong|em|s)_(open|close)$/.exec(type) ?? []
  const style = marks.bold.has(token) ? 'bold' : STYLES[name]
  if (style === undefined) return []
  return [edge === 'open' ? { kind: 'open', style } : { kind: 'close', style }]
}

function struckOut(content: string, tildes: readonly Tilde[]): Piece[] {
  let from = 0
  const pieces = tildes.flatMap(({ kind, at }): Piece[] => {
    const text = content.slice(from, at)
    from = at + 1
    return [
      { kind: 'text', text },
      { kind, style: 'strike' },
    ]
  })
  return [...pieces, { kind: 'text', text: content.slice(from) }]
}

function addressOf(token: Token, name: 'href' | 'src'): string {
  return String(token.attrGet(name) ?? '').trim()
}

/** The address behind the text of a link, unless the text is the address. */
function closeLink(pieces: Piece[], link: { at: number; address: string } | undefined): void {
  const { at, address } = link ?? { at: 0, address: '' }
  if (address === '' || address.startsWith('#')) return
  const shown = pieces
    .slice(at)
    .map((piece) => ('text' in piece ? piece.text : ''))
    .join('')
    .trim()
  if (isUnopenable(address)) {
    if (shown === address) pieces.splice(at)
  } else if (shown === '') {
    pieces.splice(at)
    pieces.push({ kind: 'text', text: address })
  } else if (!isSameAddress(shown, address)) pieces.push({ kind: 'text', text: ` (${address})` })
}

function isSameAddress(shown: string, address: string): boolean {
  const bare = (text: string): string => text.replace(/^(?:mailto:|tel:|https?:\/\/)/i, '').replace(/\/$/, '')
  return bare(shown) === bare(address)
}
