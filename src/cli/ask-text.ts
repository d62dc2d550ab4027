import { escapeUnprintable } from './escape-unprintable.ts'

/** More than any answer that is asked for. */
const MAX_LENGTH = 64 * 1_024
/** A terminal that does not mark where a paste ends sends the rest within this time. */
const PASTE_GAP_MS = 200

const ESCAPE = '\x1b'
/** Without the character before them. */
const [PASTE_BEGINS, PASTE_ENDS] = ['[200~', '[201~']
/** Asks the terminal to mark pastes, so that a line break in one is no Enter. */
const [MARK_PASTES, UNMARK_PASTES] = ['\x1b[?2004h', '\x1b[?2004l']
/** A key that is no character, behind ESC. */
const ESCAPE_SEQUENCE = /^(?:\[[0-?]*[ -/]*[@-~]|O.|[^[O])/
const LONGEST_SEQUENCE = 16

export interface TextQuestion {
  question: string
  /** What is typed or pasted is not shown. */
  hidden: boolean
  /** Whether this is an answer. */
  isWhole(text: string): boolean
  /** Said where Enter was pressed and it is none. */
  again: string
}

/**
 * Asks on the terminal until there is an answer. The terminal is read key by key: in its line mode it takes 4,095 characters
 * and no more, and it would show them. `null` when `signal` is aborted, and at Ctrl-D.
 */
export async function askText(asked: TextQuestion, signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return null
  const { stdin, stderr } = process
  const line = new AnswerLine(asked, (text) => stderr.write(text))
  const receive = (chunk: string): void => line.receive(chunk)
  const cancel = (): void => line.cancel()
  stderr.write(`${MARK_PASTES}${escapeUnprintable(asked.question)} `)
  stdin.setRawMode(true).setEncoding('utf8').on('data', receive).resume()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await line.answered
  } finally {
    signal.removeEventListener('abort', cancel)
    stdin.off('data', receive).pause().setRawMode(false)
    stdin.unref()
    stderr.write(`${UNMARK_PASTES}\n`)
  }
}

/** The text of one answer, from the keys that a terminal sends. */
export class AnswerLine {
  readonly answered: Promise<string | null>
  readonly #asked: TextQuestion
  readonly #write: (text: string) => void
  #resolve: (text: string | null) => void = () => {}
  #text = ''
  #pending = ''
  #isPasting = false
  #timer: NodeJS.Timeout | undefined

  constructor(asked: TextQuestion, write: (text: string) => void) {
    this.#asked = asked
    this.#write = write
    this.answered = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** What the terminal sent, in pieces of any length. */
  receive(chunk: string): void {
    clearTimeout(this.#timer)
    let rest = this.#pending + chunk
    this.#pending = ''
    while (rest !== '') {
      if (!rest.startsWith(ESCAPE)) {
        this.#key(rest.slice(0, 1))
        rest = rest.slice(1)
        continue
      }
      const [sequence] = ESCAPE_SEQUENCE.exec(rest.slice(1)) ?? []
      if (sequence === undefined && rest.length < LONGEST_SEQUENCE) {
        this.#pending = rest
        return
      }
      if (sequence === PASTE_BEGINS) this.#isPasting = true
      if (sequence === PASTE_ENDS) this.#isPasting = false
      rest = rest.slice(1 + (sequence?.length ?? 0))
    }
  }

  /** Answered elsewhere, or not wanted any more. */
  cancel(): void {
    clearTimeout(this.#timer)
    this.#resolve(null)
  }

  #key(key: string): void {
    if (key === '\x03') process.kill(process.pid, 'SIGINT')
    else if (key === '\x04') this.cancel()
    else if (key === '\r' || key === '\n') this.#lineBreak()
    else if (key === '\x7f' || key === '\b') this.#text = this.#text.slice(0, -1)
    else if (key >= ' ' && this.#text.length < MAX_LENGTH) {
      this.#text += key
      if (!this.#asked.hidden) this.#write(escapeUnprintable(key))
    }
  }

  #lineBreak(): void {
    this.#text += '\n'
    if (this.#isPasting) return
    if (this.#asked.isWhole(this.#text)) return this.#resolve(this.#text.trim())
    this.#timer = setTimeout(() => this.#askAgain(), PASTE_GAP_MS)
  }

  #askAgain(): void {
    const { again, question } = this.#asked
    const isEmpty = this.#text.trim() === ''
    this.#text = ''
    this.#write(isEmpty ? `\n${question} ` : `\n${again}\n${question} `)
  }
}
