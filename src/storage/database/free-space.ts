import { closeSync, fdatasync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { erase, eraseGaps } from './erase-gaps.ts'

/** Of the file's header, https://www.sqlite.org/fileformat2.html#the_database_header. */
const [PAGE_SIZE_AT, FIRST_TRUNK_AT, VACUUM_AT, HEADER_BYTES] = [16, 32, 52, 100]
const PAGES_READ_TOGETHER = 32

interface Shape {
  pageSize: number
  pages: number
  /** Pages that hold nothing but old bytes. */
  freeLeaves: ReadonlySet<number>
  /** Pages that list those; by page how much of each is used. */
  trunks: ReadonlyMap<number, number>
}

/**
 * Overwrites, in the file itself, every place of it that holds no data: bytes of erased rows are nowhere on disk then, without writing the
 * file anew. SQLite's meaning of each page stays the same at any moment, so that a crash between two writes harms nothing. Before each
 * `step` the log must be empty, and SQLite must have no page in memory, which it would write back later; both hold for as long as nothing
 * else runs. The file stays open until `close`: closing it earlier would take SQLite's own locks away
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export class FreeSpace {
  readonly #handle: number
  #next = 1

  constructor(path: string) {
    this.#handle = openSync(path, 'r+')
  }

  /** From the first page on. */
  begin(): void {
    this.#next = 1
  }

  /** Goes on for about so many milliseconds; true at the end of the file. Throws errors of the file system, and `RangeError` for a file that is none of SQLite's. */
  step(milliseconds: number): boolean {
    const shape = this.#shape()
    const end = performance.now() + milliseconds
    do this.#erase(shape)
    while (this.#next <= shape.pages && performance.now() < end)
    return this.#next > shape.pages
  }

  /** What was overwritten is so on the disk when this resolves; nothing waits for it meanwhile. Rejects with errors of the file system. */
  sync(): Promise<void> {
    return promisify(fdatasync)(this.#handle)
  }

  /** After SQLite's own connection. Idempotent is what the caller makes it. */
  close(): void {
    closeSync(this.#handle)
  }

  #erase({ pageSize, pages, freeLeaves, trunks }: Shape): void {
    const first = this.#next
    const count = Math.min(PAGES_READ_TOGETHER, pages - first + 1)
    const bytes = this.#read((first - 1) * pageSize, count * pageSize)
    this.#next += count
    for (let index = 0; index < count; index += 1) {
      const number = first + index
      const page = bytes.subarray(index * pageSize, (index + 1) * pageSize)
      const used = freeLeaves.has(number) ? 0 : trunks.get(number)
      const gaps =
        used === undefined
          ? eraseGaps(page, number === 1)
          : erase(page, used, pageSize)
            ? [{ start: used, end: pageSize }]
            : []
      for (const { start, end } of gaps)
        this.#write(page.subarray(start, end), (number - 1) * pageSize + start)
    }
  }

  #shape(): Shape {
    const header = this.#read(0, HEADER_BYTES)
    const pageSize = header.readUInt16BE(PAGE_SIZE_AT) === 1 ? 65_536 : header.readUInt16BE(PAGE_SIZE_AT)
    if (pageSize < 512 || header.readUInt32BE(VACUUM_AT) !== 0)
      throw new RangeError('the file is of a kind that is not written here')
    const pages = Math.floor(fstatSync(this.#handle).size / pageSize)
    const freeLeaves = new Set<number>()
    const trunks = new Map<number, number>()
    let trunk = header.readUInt32BE(FIRST_TRUNK_AT)
    while (trunk !== 0) {
      if (trunk > pages || trunks.has(trunk)) throw new RangeError('the list of free pages leads nowhere')
      const page = this.#read((trunk - 1) * pageSize, pageSize)
      const leaves = page.readUInt32BE(4)
      if (8 + 4 * leaves > pageSize) throw new RangeError('the list of free pages is longer than its page')
      trunks.set(trunk, 8 + 4 * leaves)
      for (let index = 0; index < leaves; index += 1) freeLeaves.add(page.readUInt32BE(8 + 4 * index))
      trunk = page.readUInt32BE(0)
    }
    return { pageSize, pages, freeLeaves, trunks }
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let read = 0; read < length;) {
      const more = readSync(this.#handle, bytes, read, length - read, position + read)
      if (more === 0) throw new RangeError('the file ends within a page')
      read += more
    }
    return bytes
  }

  #write(bytes: Buffer, position: number): void {
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.#handle, bytes, written, bytes.length - written, position + written)
  }
}
