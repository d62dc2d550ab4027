import fc from 'fast-check'

/** One entry of a list as somebody wrote it. */
export interface WrittenEntry {
  digits: string
  /** With its quotes, where it has some. */
  written: string
  /** On a line of its own before the entry; empty for none. */
  ownComment: string
  /** On the line of the entry, after its comma; empty for none. */
  comment: string
}

/** A config file in some hand's style, around the list `channels.whatsapp.allowFrom`. */
export interface ConfigFile {
  text: string
  /** Everything up to the list's opening bracket, and everything after its closing one. */
  before: string
  after: string
  entries: readonly WrittenEntry[]
  multiline: boolean
  trailingComma: boolean
}

export function e164Of(entry: WrittenEntry): string {
  return `+${entry.digits}`
}

const NOTATIONS: readonly ((digits: string, quote: string) => string)[] = [
  (digits, quote) => `${quote}+${digits}${quote}`,
  (digits, quote) => `${quote}${digits}${quote}`,
  (digits) => digits,
  (digits) => `+${digits}`,
  (digits) => `0x${Number(digits).toString(16)}`,
  (digits, quote) => `${quote}+1 (${digits.slice(1, 4)}) ${digits.slice(4, 7)}-${digits.slice(7)}${quote}`,
  (digits, quote) => `${quote}1.${digits.slice(1, 4)}.${digits.slice(4)}${quote}`,
]

const COMMENTS = [
  '// a friend, [sister], "quoted", {x}',
  "// it's 5 o'clock ]",
  '/* , ] */',
  '// +15555550999,',
]

const entries = fc.uniqueArray(
  fc.record({
    number: fc.integer({ min: 100, max: 130 }),
    notation: fc.constantFrom(...NOTATIONS),
    own: fc.option(fc.constantFrom(...COMMENTS), { nil: '', freq: 3 }),
    comment: fc.option(fc.constantFrom(...COMMENTS), { nil: '', freq: 2 }),
  }),
  { selector: ({ number }) => number, maxLength: 5 },
)

const style = fc.record({
  bom: fc.constantFrom('', '\uFEFF'),
  newline: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom('  ', '    ', '\t'),
  quote: fc.constantFrom("'", '"'),
  quotedKeys: fc.boolean(),
  multiline: fc.boolean(),
  trailingComma: fc.boolean(),
  padded: fc.boolean(),
  header: fc.constantFrom(
    '',
    '// The sandbox, with [brackets] and "quotes".',
    '/* allowFrom: [ "+15555550198" ] */',
  ),
  sibling: fc.constantFrom('', 'dmPolicy: "allowlist",', '// allowFrom: ["+15555550198"],'),
  following: fc.constantFrom('', 'enabled: true, // on', 'typing: false, /* quiet */'),
  other: fc.constantFrom('', 'tools: { allowFrom: ["+15555550197", ], },', "mcp: { 'allowFrom': [] },"),
  finalNewline: fc.boolean(),
})

type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never
type RawEntry = typeof entries extends fc.Arbitrary<(infer Value)[]> ? Value : never

/** Files as people write them; all of them valid. */
export const configFile: fc.Arbitrary<ConfigFile> = fc.tuple(style, entries).map(([hand, raw]) => {
  const written = raw.map((each, index) => writtenEntry(each, index, hand))
  const key = (name: string): string => (hand.quotedKeys ? `"${name}"` : name)
  const { indent, newline } = hand
  const lines = [
    ...(hand.header === '' ? [] : [hand.header]),
    '{',
    ...(hand.other === '' ? [] : [`${indent}${hand.other}`]),
    `${indent}${key('channels')}: {`,
    `${indent}${indent}${key('whatsapp')}: {`,
    ...(hand.sibling === '' ? [] : [`${indent.repeat(3)}${hand.sibling}`]),
    `${indent.repeat(3)}${key('allowFrom')}: `,
  ]
  const before = hand.bom + lines.join(newline)
  const after = [
    ',',
    ...(hand.following === '' ? [] : [`${indent.repeat(3)}${hand.following}`]),
    `${indent}${indent}},`,
    `${indent}}`,
    hand.finalNewline ? `}${newline}` : '}',
  ].join(newline)
  const list = hand.multiline ? multilineList(written, hand) : inlineList(written, hand)
  const { multiline, trailingComma } = hand
  return { text: before + list + after, before, after, entries: written, multiline, trailingComma }
})

function writtenEntry(raw: RawEntry, index: number, hand: Style): WrittenEntry {
  const digits = `15555550${raw.number}`
  const numbered = (comment: string): string =>
    comment === ''
      ? ''
      : comment.startsWith('//')
        ? `${comment} ${index}`
        : comment.replace('*/', `${index} */`)
  return {
    digits,
    written: raw.notation(digits, hand.quote),
    ownComment: hand.multiline && raw.own !== '' ? `${numbered(raw.own)}a`.replace('*/a', 'a */') : '',
    comment: hand.multiline ? numbered(raw.comment) : '',
  }
}

function multilineList(written: readonly WrittenEntry[], hand: Style): string {
  const indent = hand.indent.repeat(4)
  const lines = written.flatMap((entry, index) => {
    const comma = index < written.length - 1 || hand.trailingComma ? ',' : ''
    const comment = entry.comment === '' ? '' : ` ${entry.comment}`
    const own = entry.ownComment === '' ? [] : [indent + entry.ownComment]
    return [...own, `${indent}${entry.written}${comma}${comment}`]
  })
  return ['[', ...lines, `${hand.indent.repeat(3)}]`].join(hand.newline)
}

function inlineList(written: readonly WrittenEntry[], hand: Style): string {
  const items = written.map((entry) => entry.written).join(hand.padded ? ', ' : ',')
  const inner = items + (hand.trailingComma && written.length > 0 ? ',' : '')
  return hand.padded && inner !== '' ? `[ ${inner} ]` : `[${inner}]`
}
