import { sha256 } from './media-cipher.ts'

const MOST_BYTES = 128 * 1024 * 1024

/** The files on a phone, which it has sent or opened, by their SHA-256 in hex. Beyond a number of bytes the oldest goes. */
export class PhoneFiles {
  readonly #files = new Map<string, Buffer>()
  #bytes = 0

  /** Keeps a file. Returns its name: its SHA-256 in hex. */
  keep(file: Uint8Array): string {
    const name = sha256(file).toString('hex')
    if (this.#files.has(name)) return name
    this.#files.set(name, Buffer.from(file))
    this.#bytes += file.length
    for (const [oldest, { length }] of this.#files) {
      if (this.#bytes <= MOST_BYTES || oldest === name) break
      this.#files.delete(oldest)
      this.#bytes -= length
    }
    return name
  }

  get(name: string): Buffer | undefined {
    return this.#files.get(name)
  }

  /** As after a clean-up by its owner. */
  clear(): void {
    this.#files.clear()
    this.#bytes = 0
  }
}
