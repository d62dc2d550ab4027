import { createLogger, type Logger } from '../../src/observability/log/logger.ts'

const NO_ASSISTANT = 'no assistant is configured'

/** A logger that keeps its lines. */
export class LogLines {
  readonly logger: Logger
  #text = ''

  constructor() {
    this.logger = createLogger({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => void (this.#text += line) },
    })
  }

  get #lines(): { level: string; msg: string }[] {
    return this.#text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { level: string; msg: string })
  }

  /** At `warn` and above; without what is said of every config of the tests, which answers with an echo. */
  get complaints(): string[] {
    return this.#lines
      .filter(({ level, msg }) => level !== 'debug' && level !== 'info' && !msg.startsWith(NO_ASSISTANT))
      .map((line) => JSON.stringify(line))
  }
}
