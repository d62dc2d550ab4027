import { fstatSync, openSync, readSync } from 'node:fs'

/** SHA-256 of the files in hexadecimal, a space, the length of the index in decimal digits, and a line feed. */
const HEADER = /^([0-9a-f]{64}) (\d{8})\n$/
const HEADER_BYTES = 64 + 1 + 8 + 1

/** The files of the program lie in one, which stays open: what is loaded late is what was installed when the process started. */
export class ProgramFiles {
  /** What all of them are, as one text. */
  readonly digest: string
  readonly #path: string
  readonly #handle: number
  /** As it was when it was opened. */
  readonly #stamp: string
  /** Where each begins behind the index, and how long it is. */
  readonly #index: Readonly<Record<string, readonly [number, number]>>
  readonly #begin: number

  /** Throws where there is no such file, or it is another. */
  constructor(path: string) {
    this.#path = path
    this.#handle = openSync(path, 'r')
    this.#stamp = this.#stampNow()
    const [whole = '', digest = '', length = '0'] = HEADER.exec(this.#text(0, HEADER_BYTES)) ?? []
    if (whole === '') throw new Error(`${path} is no program of whatsappd`)
    this.digest = digest
    // The build writes it so.
    this.#index = JSON.parse(this.#text(HEADER_BYTES, Number(length))) as Record<string, [number, number]>
    this.#begin = HEADER_BYTES + Number(length)
  }

  get names(): string[] {
    return Object.keys(this.#index)
  }

  /** Differs where the text may. Throws where there is none of this name. */
  stampOf(name: string): string {
    return `${this.#placeOf(name).join('+')} ${this.digest} ${this.#stamp}`
  }

  /**
   * The text of a file, of which no character is beyond ASCII. Throws where there is none of this name, and where the file that holds it was
   * written over: another one in its place changes nothing.
   */
  read(name: string): string {
    const [start, length] = this.#placeOf(name)
    const text = this.#text(this.#begin + start, length)
    if (this.#stampNow() !== this.#stamp)
      throw new Error(`${this.#path} was changed while whatsappd runs from it: restart whatsappd`)
    return text
  }

  #placeOf(name: string): readonly [number, number] {
    const place = Object.hasOwn(this.#index, name) ? this.#index[name] : undefined
    if (place === undefined) throw new Error(`${this.#path} holds no ${name}`)
    return place
  }

  #text(start: number, length: number): string {
    const bytes = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const read = readSync(this.#handle, bytes, done, length - done, start + done)
      if (read === 0) throw new Error(`${this.#path} ends too early: install whatsappd anew`)
      done += read
    }
    return bytes.toString('latin1')
  }

  #stampNow(): string {
    const { size, mtimeMs } = fstatSync(this.#handle)
    return `${size}/${mtimeMs}`
  }
}
