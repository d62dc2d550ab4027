import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

/** What of the log could not be written since the process started. */
export interface LogLosses {
  lines: number
  /** The system's code of the last failure, such as `ENOSPC`; `EAGAIN`: the reader of the log does not keep up. */
  code: string
  /** Milliseconds since the epoch. */
  lastAt: number
}

/** Kept while the reader of a pipe or a terminal does not read; later lines are lost. */
export const MAX_WAITING_BYTES = 256 * 1024
const RETRY_MS = 50
const LINE_FEED = 0x0a

/**
 * Writes lines to an open file, best effort: it never throws and never waits. A line that cannot be written (full disk,
 * closed pipe, a reader that stopped reading) is counted in `losses`, and the next line that can be written follows a
 * record that says how many are missing.
 */
export class LogOutput {
  readonly #descriptor: number
  readonly #now: () => number
  /** Opened at the first line: most commands write none. */
  #opened: number | null = null
  /** What a pipe or a terminal did not take yet. */
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #losses: LogLosses | null = null
  /** Lost lines of which no record is written yet. */
  #unreported = 0
  /** The last line in the file has no end. */
  #isTorn = false
  #flushesAtExit = false

  /** `descriptor` is that of an open file, such as 2 for standard error. */
  constructor(descriptor: number, now: () => number = Date.now) {
    this.#descriptor = descriptor
    this.#now = now
  }

  /** `null` while everything was written. */
  get losses(): LogLosses | null {
    return this.#losses
  }

  write(line: string): void {
    this.flush()
    const record = this.#recordOfMissing(line)
    if (this.#waiting.length > 0) {
      const bytes = Buffer.from(record + line)
      if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) return this.#lose('EAGAIN')
      this.#unreported = 0
      return this.#wait(bytes)
    }
    const refused = record === '' ? null : this.#refusalOf(Buffer.from(record))
    if (refused !== null) return this.#lose(refused)
    this.#unreported = 0
    this.#write(Buffer.from(line))
  }

  /** Writes what waits, as far as it is taken now. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    for (const bytes of waiting) this.#write(bytes)
  }

  #recordOfMissing(before: string): string {
    const losses = this.#losses
    if (losses === null || this.#unreported === 0) return ''
    const lines = this.#unreported
    const msg = 'lines of the log are missing here: they could not be written'
    if (!before.startsWith('{')) return `${lines} ${msg} (${losses.code})\n`
    const time = new Date(this.#now()).toISOString()
    return `${JSON.stringify({ level: 'warn', time, lines, code: losses.code, msg })}\n`
  }

  #write(bytes: Buffer): void {
    const refused = this.#refusalOf(bytes)
    if (refused !== null) this.#lose(refused)
  }

  /** Writes, or keeps what cannot be taken now, behind what is kept already; or says by which code it was refused. */
  #refusalOf(bytes: Buffer): string | null {
    if (this.#waiting.length > 0) {
      this.#wait(bytes)
      return null
    }
    const whole = this.#isTorn ? Buffer.concat([Buffer.of(LINE_FEED), bytes]) : bytes
    let written = 0
    try {
      this.#opened ??= openWithoutWaiting(this.#descriptor)
      while (written < whole.length) written += writeSync(this.#opened, whole, written)
      this.#isTorn = false
      return null
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      if (code !== 'EAGAIN') {
        if (written > 0) this.#isTorn = true
        return code
      }
      this.#isTorn = false
      this.#wait(whole.subarray(written))
      return null
    }
  }

  #wait(bytes: Buffer): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (!this.#flushesAtExit) process.once('exit', () => this.flush())
    this.#flushesAtExit = true
    this.#timer ??= setTimeout(() => this.flush(), RETRY_MS).unref()
  }

  #lose(code: string): void {
    this.#unreported += 1
    this.#losses = { lines: (this.#losses?.lines ?? 0) + 1, code, lastAt: this.#now() }
  }
}

/**
 * A pipe or a terminal whose reader stopped (a paused pager, Ctrl-S) would stop the whole process. Opened anew it does
 * not wait, and other processes that share it are not affected. Where that is not permitted, the file as it is.
 */
function openWithoutWaiting(fd: number): number {
  try {
    if (!isatty(fd) && !fstatSync(fd).isFIFO()) return fd
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return fd
  }
}
