/** Why a person does not get what a command printed; other codes are shown as they are. */
const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'there is no room left for you on the disk',
  EFBIG: 'the file is as large as it may be',
  EIO: 'the disk or the terminal failed',
  EBADF: 'it is closed',
  EROFS: 'the disk can only be read',
}

/** Writes to standard output or standard error. An error of the stream ends nothing; it is kept for `failure`. */
export class StandardOutput {
  readonly #stream: NodeJS.WriteStream
  #error: NodeJS.ErrnoException | null = null

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', (error) => this.#note(error))
  }

  write(text: string): void {
    try {
      this.#stream.write(text)
    } catch (error) {
      // Node 20 throws what a file refuses.
      this.#note(error as NodeJS.ErrnoException)
    }
  }

  /**
   * Waits until all is written, and says why it was not, in words; `null` where all was, and where the reader has closed
   * the pipe (`whatsappd status | head -1`), which is no error.
   */
  async failure(): Promise<string | null> {
    await new Promise<void>((resolve) => {
      try {
        this.#stream.write('', () => resolve())
      } catch {
        resolve()
      }
    })
    const code = this.#error?.code
    if (this.#error === null || code === 'EPIPE') return null
    return WORDS[code ?? ''] ?? code ?? this.#error.message
  }

  #note(error: NodeJS.ErrnoException): void {
    this.#error ??= error
  }
}
