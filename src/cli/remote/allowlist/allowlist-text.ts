import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import { cutToWidth } from '../../cut-to-width.ts'
import { escapeUnprintable } from '../../escape-unprintable.ts'
import { problemText } from '../../problem-text.ts'
import { wrapWords } from '../../wrap-words.ts'
import type { Allowlist } from './allowlist.ts'

/** In columns of a terminal. */
const NAME_WIDTH = 40
const EVERYBODY = '*'

/** Where the list alone does not say who may write. */
const POLICY_NOTES: Partial<Record<AccountConfigView['dmPolicy'], string>> = {
  disabled: 'dmPolicy is "disabled": nobody may write directly, whoever is on the list.',
  observe: 'dmPolicy is "observe": what they write is kept, and nobody is answered.',
  open: 'dmPolicy is "open": everybody may write, whoever is on the list.',
}

/** `whatsappd allowed` for people, at most 80 columns wide. */
export function allowedText(list: Allowlist): string {
  const { account, people, dmPolicy } = list
  const policy = dmPolicy === null ? '' : ` (${dmPolicy})`
  if (people.length === 0)
    return [
      `${account}: nobody is allowed${policy}. Allow somebody: whatsappd allow <number>`,
      ...notesOn(list),
    ].join('\n')
  const width = Math.max(...people.map(({ entry }) => entry.length))
  const lines = people.map(({ entry, name }) => {
    const called = name === null ? '' : `  ${cutToWidth(escapeUnprintable(name), NAME_WIDTH)}`
    return `  ${called === '' ? entry : entry.padEnd(width)}${called}`
  })
  return [`${account}: ${amount(people.length)}${policy}`, ...lines, ...notesOn(list)].join('\n')
}

/** What a change of the list led to, for people. */
export function changedText(done: {
  verb: 'allow' | 'disallow'
  changed: readonly string[]
  unchanged: readonly string[]
  list: Allowlist
}): string {
  const { verb, changed, unchanged, list } = done
  const isAllowing = verb === 'allow'
  const lines = [
    ...changed.map((person) => `${person} ${isAllowing ? 'is allowed now.' : 'is not allowed any more.'}`),
    ...unchanged.map((person) => `${person} ${isAllowing ? 'was allowed already.' : 'was not on the list.'}`),
  ]
  const { account, people, configPath } = list
  const file = configPath === null ? '' : `, in ${configPath}`
  return [
    ...lines,
    `${account}: ${people.length === 0 ? 'nobody is allowed' : amount(people.length)}${file}`,
    ...notesOn(list),
  ].join('\n')
}

function notesOn({ dmPolicy, people, problems }: Allowlist): string[] {
  const isForAll = people.some(({ entry }) => entry === EVERYBODY)
  const note = dmPolicy === null ? undefined : POLICY_NOTES[dmPolicy]
  const [problem] = problems
  return [
    ...(note === undefined || (dmPolicy === 'open' && !isForAll) ? [] : wrapWords(note, '', 2)),
    ...(problem === undefined
      ? []
      : wrapWords(`The file on disk is not in force: ${problemText(problem)}`, '', 2)),
  ]
}

const amount = (count: number): string =>
  count === 1 ? '1 person is allowed' : `${count} people are allowed`
