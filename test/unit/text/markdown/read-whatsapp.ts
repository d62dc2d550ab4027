/** Characters in a row that look the same, without white space. */
export type Span = [text: string, look: string]

/** What a text shows: the looks of its words, its code, and the markers of its lists with their indentation. */
export interface Shown {
  spans: Span[]
  code: string[]
  items: string[]
}

const STYLES: Readonly<Record<string, string>> = { '*': 'bold', _: 'italic', '~': 'strike' }
const WORD = /[\p{L}\p{N}]/u

/** How WhatsApp reads a message: fences, quotes, lists, code in a line, and marks that stand in pairs on one line and at the edge of a word. */
export function readWhatsApp(text: string): Shown {
  const shown: Shown = { spans: [], code: [], items: [] }
  let fence: string[] | null = null
  for (const line of text.split('\n')) {
    if (fence !== null && line === '```') {
      const code = fence.join('\n')
      if (code.includes('```')) throw new Error(`WhatsApp ends this code too early: ${text}`)
      shown.code.push(code.replaceAll(/(?<=`)\u200B(?=`)/g, ''))
      fence = null
    } else if (fence !== null) fence.push(line)
    else if (line === '```') fence = []
    else readLine(line, shown)
  }
  if (fence !== null) throw new Error(`a fence is not closed: ${text}`)
  return shown
}

function readLine(line: string, shown: Shown): void {
  const [begin = '', quote = '', indent = '', markers = ''] =
    /^(> )?( *)((?:(?:-|\d+[.)])(?: |$))*)/.exec(line) ?? []
  if (markers !== '') shown.items.push(`${quote}${indent}${markers}`.trimEnd())
  readInline(Array.from(line.slice(begin.length)), quote === '' ? '' : 'quote', shown)
}

function readInline(characters: readonly string[], base: string, { spans }: Shown): void {
  const open = new Set<string>()
  let code = ''
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? ''
    const ticks = character === '`' ? (/^`+/.exec(characters.slice(index).join(''))?.[0] ?? '') : ''
    if (
      ticks !== '' &&
      (code === ticks || (code === '' && isClosed(characters, index + ticks.length, ticks)))
    ) {
      code = code === '' ? ticks : ''
      index += ticks.length - 1
      continue
    }
    if (code === '' && STYLES[character] !== undefined && isMark(characters, index, open)) {
      if (!open.delete(character)) open.add(character)
      continue
    }
    const styles = [...open]
      .map((mark) => STYLES[mark] ?? '')
      .toSorted((one, other) => one.localeCompare(other))
    addSpan(spans, character, [base, ...styles, code === '' ? '' : 'code'].filter(Boolean).join(' '))
  }
}

function isMark(characters: readonly string[], index: number, open: ReadonlySet<string>): boolean {
  const character = characters[index] ?? ''
  const isOpen = open.has(character)
  const outside = characters[isOpen ? index + 1 : index - 1] ?? ' '
  const inside = characters[isOpen ? index - 1 : index + 1] ?? ' '
  if (WORD.test(outside) || /\s/.test(inside)) return false
  return isOpen || isClosed(characters, index + 1, character)
}

function isClosed(characters: readonly string[], from: number, mark: string): boolean {
  return characters.slice(from).join('').includes(mark)
}

/** Adds what is no white space. */
export function addSpan(spans: Span[], text: string, look: string): void {
  const words = text.replaceAll(/\s/g, '')
  const last = spans.at(-1)
  if (words === '') return
  if (last?.[1] === look) last[0] += words
  else spans.push([words, look])
}
