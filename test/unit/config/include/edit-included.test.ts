import fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, it } from 'vitest'
import type { EditRequest } from '../../../../src/config/edit/edit-request.ts'
import type { SettingChange } from '../../../../src/config/edit/edit-settings.ts'
import type { ConfigText } from '../../../../src/config/include/config-text.ts'
import { DaemonError } from '../../../../src/protocol/errors.ts'
import { IncludedFiles } from './included-files.ts'

const [ALICE, BOB, CAROL, DAVE] = ['+15555550101', '+15555550102', '+15555550103', '+15555550104']

let files: IncludedFiles

const settings = (...changes: SettingChange[]): EditRequest => ({
  edit: 'settings',
  request: { changes, confirmed: ['everybody', 'nobody'] },
})
const allow = (kind: 'add' | 'remove' | 'set', ...numbers: string[]): EditRequest => ({
  edit: 'allowFrom',
  request: { kind, account: 'default', numbers },
})

const textsOf = ({ text, included = [] }: ConfigText): Record<string, string> => ({
  'main.json5': text,
  ...Object.fromEntries(
    included.flatMap(({ name, content }) => ('text' in content ? [[name, content.text]] : [])),
  ),
})

/** What the edit changes: the new text of the one file, by its name. */
function changed(all: Record<string, string>, edit: EditRequest): Record<string, string> {
  files = new IncludedFiles(all)
  return Object.fromEntries(
    Object.entries(textsOf(files.edited(edit))).filter(([name, text]) => text !== all[name]),
  )
}

function refusal(all: Record<string, string>, edit: EditRequest): DaemonError {
  try {
    changed(all, edit)
  } catch (error) {
    if (error instanceof DaemonError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const LIST = {
  'main.json5': `// main
{
  channels: {
    whatsapp: {
      typing: true,
      allowFrom: { $include: './people.json' }, // who
    },
  },
}
`,
  'people.json': `[
  "${ALICE}",
  "${BOB}"
]
`,
}

describe('an edit of what stands in an included file', () => {
  it('goes into that file, in its style', () => {
    expect(changed(LIST, allow('add', CAROL))).toEqual({
      'people.json': `[\n  "${ALICE}",\n  "${BOB}",\n  "${CAROL}"\n]\n`,
    })
    expect(changed(LIST, allow('remove', ALICE))).toEqual({ 'people.json': `[\n  "${BOB}"\n]\n` })
    expect(changed(LIST, settings({ path: ['allowFrom'], remove: [BOB] }))).toEqual({
      'people.json': `[\n  "${ALICE}"\n]\n`,
    })
  })

  it('leaves it alone where it is about the file around', () => {
    expect(changed(LIST, settings({ path: ['typing'], value: false }))).toEqual({
      'main.json5': LIST['main.json5'].replace('true', 'false'),
    })
    expect(changed(LIST, settings({ path: ['name'], value: 'Home' }))).toEqual({
      'main.json5': LIST['main.json5'].replace('// who', "// who\n      name: 'Home',"),
    })
  })

  it('puts a new key behind an included value without a comma, and not into its file', () => {
    const main = `{ "channels": { "whatsapp": { "allowFrom": { "$include": "people.json" } } } }`
    expect(changed({ ...LIST, 'main.json5': main }, settings({ path: ['typing'], value: false }))).toEqual({
      'main.json5': `{ "channels": { "whatsapp": { "allowFrom": { "$include": "people.json" }, "typing": false } } }`,
    })
  })

  it('adds a key to an included section, with the quotes of that file', () => {
    const all = {
      'main.json5': "{\n  channels: { whatsapp: { $include: 'wa.json' } }, // all of it\n}\n",
      'wa.json': '{\n    "allowFrom": []\n}\n',
    }
    expect(changed(all, settings({ path: ['typing'], value: false }))).toEqual({
      'wa.json': '{\n    "allowFrom": [],\n    "typing": false\n}\n',
    })
    expect(changed(all, allow('add', ALICE))).toEqual({ 'wa.json': `{\n    "allowFrom": ["${ALICE}"]\n}\n` })
  })

  it('finds it several levels down, with a byte order mark and comments around', () => {
    const all = {
      'main.json5': "{ $include: 'a.json5' }",
      'a.json5': "// a\n{ channels: { $include: 'd/b.json5' } }",
      'd/b.json5': `\uFEFF// b\n{ whatsapp: { allowFrom: ['${ALICE}'], }, } // end\n`,
    }
    expect(changed(all, allow('set', BOB))).toEqual({
      'd/b.json5': `\uFEFF// b\n{ whatsapp: { allowFrom: ['${BOB}'], }, } // end\n`,
    })
  })

  it('adds to the last file of a list that comes from several, and removes from each', () => {
    const all = {
      'main.json5': "{ channels: { whatsapp: { allowFrom: { $include: ['a.json5', 'b.json5'] } } } }",
      'a.json5': `['${ALICE}', '${BOB}']`,
      'b.json5': `['${CAROL}', '${DAVE}']`,
    }
    expect(changed(all, allow('add', '+15555550105'))).toEqual({
      'b.json5': `['${CAROL}', '${DAVE}', '+15555550105']`,
    })
    expect(changed(all, allow('remove', ALICE))).toEqual({ 'a.json5': `['${BOB}']` })
    expect(changed(all, allow('remove', DAVE))).toEqual({ 'b.json5': `['${CAROL}']` })
  })

  it('changes keys beside $include where they stand, and keys of the included file there', () => {
    const all = {
      'main.json5': `{\n  $include: './base.json5',\n  channels: { whatsapp: { allowFrom: ['${ALICE}'] } },\n}\n`,
      'base.json5': "{ channels: { whatsapp: { typing: true } }, whatsappd: { log: { level: 'warn' } } }\n",
    }
    expect(changed(all, allow('add', BOB))).toEqual({
      'main.json5': all['main.json5'].replace(`'${ALICE}'`, `'${ALICE}', '${BOB}'`),
    })
    expect(changed(all, settings({ path: ['typing'], value: false }))).toEqual({
      'base.json5': all['base.json5'].replace('true', 'false'),
    })
  })
})

describe('an edit that belongs to no single file', () => {
  const both = {
    'main.json5': "{ channels: { whatsapp: { $include: 'a.json5', allowFrom: { $include: 'b.json5' } } } }",
    'a.json5': '{ typing: true }',
    'b.json5': `['${ALICE}']`,
  }

  it('is refused with their names', () => {
    const error = refusal(
      both,
      settings({ path: ['typing'], value: false }, { path: ['allowFrom'], add: [BOB] }),
    )
    expect(error).toMatchObject({
      code: 'config_read_only',
      message: expect.stringMatching(/a\.json5.*b\.json5/),
      action: 'Make this change in the files themselves.',
    })
  })

  it('is refused where a file is included twice', () => {
    const all = {
      'main.json5':
        "{ channels: { whatsapp: { accounts: { a: { $include: 'x.json5' }, b: { $include: 'x.json5' } } } } }",
      'x.json5': `{ allowFrom: ['${ALICE}'] }`,
    }
    const edit: EditRequest = { edit: 'allowFrom', request: { kind: 'add', account: 'a', numbers: [BOB] } }
    expect(refusal(all, edit)).toMatchObject({
      code: 'config_read_only',
      message: expect.stringContaining('x.json5'),
    })
  })
})

/** Comments and blanks that must survive. */
const trivia = fc.constantFrom('', ' ', '\n  ', ' /* , ] */ ', '\n// it\'s } a "comment"\n', '\r\n\t')
const layout = fc.record({
  lead: trivia,
  inner: fc.array(trivia, { minLength: 8, maxLength: 8 }),
  tail: trivia,
  comma: fc.boolean(),
  quote: fc.constantFrom("'", '"'),
})

it('whatever the layout: one file changes, what is not named stays byte for byte, and the outcome is the one of a single file', () => {
  fc.assert(
    fc.property(
      layout,
      layout,
      fc.constantFrom('add', 'remove', 'set'),
      fc.subarray([ALICE, BOB, CAROL], { minLength: 1 }),
      fc.boolean(),
      (outer, inner, kind, numbers, isWhole) => {
        const list = `${inner.lead}[${inner.inner[0]}${inner.quote}${ALICE}${inner.quote}${inner.inner[1]},${inner.inner[2]}${inner.quote}${BOB}${inner.quote}${inner.inner[3]}${inner.comma ? ',' : ''}${inner.inner[4]}]${inner.tail}`
        const section = isWhole
          ? `{ $include: 'x.json5' }`
          : `{ allowFrom:${outer.inner[0]}{ $include: 'x.json5' }${outer.inner[1]} }`
        const main = `${outer.lead}{${outer.inner[2]}channels:${outer.inner[3]}{ whatsapp:${outer.inner[4]}${section}${outer.inner[5]}${outer.comma ? ',' : ''} } }${outer.tail}`
        const included = isWhole ? `{ allowFrom: ${list} }` : list
        const all = { 'main.json5': main, 'x.json5': included }
        const after = changed(all, allow(kind, ...numbers))
        files.remove()
        expect(Object.keys(after).filter((name) => name !== 'x.json5')).toEqual([])
        const single = main.replace("{ $include: 'x.json5' }", () => included)
        const expected = changed({ 'main.json5': single }, allow(kind, ...numbers))
        files.remove()
        const text = after['x.json5'] ?? included
        const flat = main.replace("{ $include: 'x.json5' }", () => text)
        expect(JSON5.parse(flat)).toEqual(JSON5.parse(expected['main.json5'] ?? single))
        // Everything before the list and after it.
        expect(text.startsWith(included.slice(0, included.indexOf('[') + 1))).toBe(true)
        expect(text.endsWith(included.slice(included.lastIndexOf(']')))).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})
