import { createLogger, type Logger } from '../../src/observability/log/logger.ts'

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

  /** At `warn` and above. */
  get complaints(): string[] {
    return this.#lines
      .filter(({ level }) => level === 'warn' || level === 'error' || level === 'fatal')
      .map((line) => JSON.stringify(line))
  }
}
