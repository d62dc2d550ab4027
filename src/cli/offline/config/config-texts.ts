import type { FileTool } from '../../../config/read/foreign/file-tool.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import { problemText } from '../../problem-text.ts'
import { wrapWords } from '../../wrap-words.ts'
import type { ChosenFile } from './chosen-file.ts'
import type { JudgedFile } from './judged-file.ts'
import type { KeyRow } from './key-rows.ts'

export const TOOL_NAMES: Readonly<Record<FileTool, string>> = {
  openclaw: 'OpenClaw',
  milady: 'Milady',
  elizaos: 'ElizaOS',
}
/** A file that went wrong as a whole must not fill the screen. */
const MOST_SHOWN = 50

/** Which file it is, and why. */
function fileLines({ path, foundBy, passedOver }: ChosenFile, { config }: JudgedFile): string[] {
  return [
    `config file  ${path}`,
    `  found by   ${foundBy}`,
    ...passedOver.map((other) => `  not read   ${other}`),
    ...(config?.tool === undefined ? [] : [`  read as    a file of ${TOOL_NAMES[config.tool]}`]),
  ]
}

/** `whatsappd config check` for people, in lines of 80 columns. */
export function checkText(chosen: ChosenFile, judged: JudgedFile): string {
  const { config, problems } = judged
  const bad = config?.badEntries?.problems ?? []
  const notices = config?.notices ?? []
  return [
    ...fileLines(chosen, judged),
    '',
    ...bounded(problems, 'PROBLEM  '),
    ...bounded(bad, 'PROBLEM  '),
    ...bounded(notices, 'note     '),
    ...(problems.length + bad.length + notices.length > 0 ? [''] : []),
    verdict(judged),
  ].join('\n')
}

function bounded(problems: readonly ConfigProblem[], mark: string): string[] {
  const lines = problems.slice(0, MOST_SHOWN).flatMap((each) => wrapWords(problemText(each), mark))
  const others = problems.length - MOST_SHOWN
  return others > 0 ? [...lines, `${mark}and ${others} more of this kind`] : lines
}

function verdict({ config, problems }: JudgedFile): string {
  if (config === null)
    return `It cannot be used: ${count(problems.length, 'problem')}. A running daemon keeps what was valid last.`
  const bad = config.badEntries?.total ?? 0
  const entries =
    bad === 0
      ? ''
      : `, but ${count(bad, 'entry', 'entries')} of it ${bad === 1 ? 'counts' : 'count'} for nobody`
  return `It is valid${entries}. ${count(config.notices.length, 'note')}.`
}

/** `whatsappd config show` for people. `whole`: all that is known of each key, not its first sentence alone. */
export function showText(
  chosen: ChosenFile,
  judged: JudgedFile,
  rows: readonly KeyRow[],
  whole: boolean,
): string {
  return [...fileLines(chosen, judged), '', ...rows.flatMap((row) => rowLines(row, whole))].join('\n')
}

function rowLines(row: KeyRow, whole: boolean): string[] {
  const { path, value, file, line, kind, what, notes } = row
  const place = `${file === undefined ? '' : `${file}, `}line ${line}`
  const head = wrapWords(`${path}: ${value}  (${place})`, '', 2)
  if (kind === 'ignored') return wrapWords(`${path}: not read here (${place})`, '', 2)
  const isExplained = notes.length > 0 && what === 'No setting of ours.'
  return [
    ...head,
    ...(isExplained ? [] : wrapWords(whole ? what : firstSentence(what), '    ')),
    ...(whole ? factLines(row) : []),
    ...notes.flatMap((note) => wrapWords(note, '    ! ')),
  ]
}

function factLines(row: KeyRow): string[] {
  if (row.kind !== 'setting') return []
  const facts = [
    'default' in row ? `default ${JSON.stringify(row.default)}` : 'no default',
    ...(row.reload === undefined
      ? []
      : [row.reload === 'live' ? 'takes effect at once' : 'takes effect at the next start']),
    ...(row.remote === undefined
      ? []
      : [row.remote ? 'a dashboard may edit it' : 'no dashboard may edit it']),
  ]
  return [
    ...wrapWords(`${facts.join('; ')}.`, '    '),
    ...wrapWords(`Example: ${JSON.stringify(row.example)}`, '    '),
  ]
}

/** Up to a full stop that ends a sentence. */
function firstSentence(text: string): string {
  return /^.*?[.?!](?=\s|$)/.exec(text)?.[0] ?? text
}

function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
