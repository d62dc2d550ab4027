import type { CommandContext } from '../../command-context.ts'
import { cutToWidth } from '../../cut-to-width.ts'
import { escapeUnprintable } from '../../escape-unprintable.ts'
import { problemText } from '../../problem-text.ts'
import { accountLine, localTime } from '../accounts/account-line.ts'
import type { DaemonStatus } from './read-status.ts'
import { statusText } from './status-text.ts'

/** Where the status goes, each time that it may be another one. */
export interface StatusView {
  /** `null`: the daemon has ended, and is waited for. Resolves when it is written. */
  show(status: DaemonStatus | null): Promise<void> | void
  close(): void
}

const GONE = 'the daemon does not run; waiting for it'

/** The screen of a terminal, one line for each change elsewhere, or one JSON object a line. */
export function createStatusView(context: CommandContext, { json }: { json?: boolean }): StatusView {
  if (json === true) return jsonView(context)
  const isScreen = context.terminal && context.env['TERM'] !== 'dumb' && context.terminalSize() !== null
  return isScreen ? screenView(context) : lineView(context)
}

function jsonView(context: CommandContext): StatusView {
  let shown = ''
  return {
    show: async (status) => {
      const line = JSON.stringify(status ?? { daemon: null })
      if (line === shown) return
      shown = line
      context.print(line)
      await context.printed()
    },
    close: () => undefined,
  }
}

function lineView(context: CommandContext): StatusView {
  let shown = new Map<string, string>()
  return {
    show: async (status) => {
      const lines = status === null ? new Map([['', GONE]]) : linesOf(status)
      const at = new Date().toISOString()
      for (const [key, line] of lines)
        if (shown.get(key) !== line && line !== '') context.print(`${at} ${line}`)
      if (status !== null)
        for (const key of shown.keys()) {
          if (lines.has(key)) continue
          if (key !== '')
            context.print(`${at} ${key}: ${key.startsWith('webhook ') ? 'works again' : 'removed'}`)
        }
      shown = lines
      await context.printed()
    },
    close: () => undefined,
  }
}

/** One line for each thing that has a state, by its name. */
function linesOf({ accounts, config, webhooks }: DaemonStatus): Map<string, string> {
  const lines = new Map(accounts.map((account) => [account.account, accountLine(account)]))
  const [problem] = config.problems
  lines.set(
    'config',
    problem === undefined ? 'config: in force' : `config: not in force: ${problemText(problem)}`,
  )
  for (const { place, problem: failure } of webhooks)
    if (failure !== null) lines.set(`webhook ${place}`, `webhook ${place}: ${failure}`)
  return lines
}

/** On the terminal's second screen, so that what stood there before comes back. */
const [ENTER, LEAVE] = ['\x1b[?1049h\x1b[?25l', '\x1b[?25h\x1b[?1049l']
const [HOME, CLEAR_LINE, CLEAR_BELOW] = ['\x1b[H', '\x1b[K', '\x1b[J']

function screenView(context: CommandContext): StatusView {
  let text = ''
  let isOpen = false
  const draw = (): void => {
    const { columns, rows } = context.terminalSize() ?? { columns: 80, rows: 24 }
    const head = `${localTime(new Date().toISOString())}  Ctrl-C ends this`
    const lines = [head, '', ...escapeUnprintable(text).split('\n')]
    // The last row stays empty: a line break in it would scroll.
    const room = rows - 1
    const fitting =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`]
    const drawn = fitting.map((line) => `${cutToWidth(line, columns)}${CLEAR_LINE}`).join('\n')
    context.draw(`${isOpen ? '' : ENTER}${HOME}${drawn}${CLEAR_BELOW}`)
    isOpen = true
  }
  const ignoreResize = context.onResize(() => {
    if (isOpen) draw()
  })
  return {
    show: async (status) => {
      text =
        status === null
          ? `${GONE}\n\nBefore that:\n${text.replace(/^the daemon[^]*?Before that:\n/, '')}`
          : statusText(status)
      draw()
      await context.printed()
    },
    close: () => {
      ignoreResize()
      if (!isOpen) return
      isOpen = false
      context.draw(LEAVE)
      context.print(text)
    },
  }
}
