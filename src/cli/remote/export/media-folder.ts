import { type Dirent, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { storableText } from '../../../text/bounded-text.ts'
import type { ExportSource } from './export-source.ts'

const MAX_NAME_LENGTH = 80
/** File systems bound bytes, 255 of them, of which the id and what marks a draft need their share. */
const MAX_NAME_BYTES = 150
/** What a copy is called until it is complete, with the process that makes it. */
const DRAFT = /\.(\d+)\.whatsappd\.tmp$/
/** Names that Windows keeps for itself. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

type ExportedFile = MessageView['files'][number]

/**
 * The folder that files of messages are copied into, `<account>/<mediaId>-<name>`, of which only its owner may read. One that is there is not
 * copied again, so that an export which was interrupted goes on; what such a one had begun to copy is deleted. Everything in the folder has at
 * most `maxBytes`.
 */
export class MediaFolder {
  readonly #directory: string
  readonly #source: Pick<ExportSource, 'copyMedia'>
  readonly #maxBytes: number
  /** What is in the folder; `null` before it was looked at. */
  #bytes: number | null = null
  #leftOut = 0

  constructor(directory: string, source: Pick<ExportSource, 'copyMedia'>, maxBytes: number) {
    this.#directory = resolve(directory)
    this.#source = source
    this.#maxBytes = maxBytes
  }

  /** Files that there was no room for within the bound. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** The path of the copy below the folder; `null` where there is none. Rejects with errors of the file system and of the source. */
  async add(account: string, { mediaId, name, size, state }: ExportedFile): Promise<string | null> {
    if (mediaId === null || state !== 'ready') return null
    const place = `${account}/${safe(mediaId)}${name === null ? '' : `-${safe(name)}`}`
    const path = join(this.#directory, place)
    const bytes = (this.#bytes ??= this.#look())
    if (existsSync(path)) return place
    if (bytes + (size ?? 0) > this.#maxBytes) {
      this.#leftOut += 1
      return null
    }
    mkdirSync(join(this.#directory, account), { recursive: true, mode: 0o700 })
    const draft = `${path}.${process.pid}.whatsappd.tmp`
    rmSync(draft, { force: true })
    try {
      if (!(await this.#source.copyMedia(account, mediaId, draft))) return null
      this.#bytes = bytes + statSync(draft).size
      renameSync(draft, path)
      return place
    } finally {
      rmSync(draft, { force: true })
    }
  }

  /** Deletes what killed exports left, and answers how many bytes the files of the folder have. */
  #look(): number {
    let bytes = 0
    for (const account of entriesOf(this.#directory).filter((each) => each.isDirectory())) {
      for (const entry of entriesOf(join(this.#directory, account.name)).filter((each) => each.isFile())) {
        const path = join(entry.parentPath, entry.name)
        const maker = DRAFT.exec(entry.name)?.[1]
        if (maker === undefined) bytes += statSync(path).size
        else if (!isRunning(Number(maker))) rmSync(path, { force: true })
      }
    }
    return bytes
  }
}

function entriesOf(directory: string): Dirent[] {
  return existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : []
}

/** Another export may be at work in the same folder. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** As a part of a file's name: nothing that leads elsewhere, that is not seen, or that a file system may refuse. */
function safe(name: string): string {
  const kept = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}._ -]/gu, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  const dot = kept.lastIndexOf('.')
  const ending = kept.slice(dot)
  const extension = dot > 0 && /^\.[\dA-Za-z]{1,11}$/.test(ending) ? ending : ''
  let stem = kept.slice(0, kept.length - extension.length).slice(0, MAX_NAME_LENGTH - extension.length)
  while (Buffer.byteLength(stem) > MAX_NAME_BYTES) stem = stem.slice(0, -1)
  const cut = storableText(`${stem}${extension}`) || 'file'
  return RESERVED.test(cut) ? `_${cut}` : cut
}
