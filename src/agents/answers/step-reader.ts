import type { AnswerItemJson } from '../../protocol/agent/answer-json.ts'
import type { ReplyItem, ReplyPart } from '../agent.ts'
import { fileData, MAX_FILE_BYTES } from './file-data.ts'
import type { AnswerStep } from './written-steps.ts'

type Unusable = Extract<ReplyItem, { type: 'unusable' }>

/** Puts the steps of one answer together to its parts: a file may come in several steps. */
export class StepReader {
  #data: Uint8Array[] = []
  #length = 0
  /** Why the file that comes cannot be used; the rest of it is read and dropped. */
  #problem: string | null = null
  #mayLackPiece = false

  /** What the step adds to the answer; `null` for a piece of a file, and for words that are none. */
  read(step: Exclude<AnswerStep, { type: 'done' | 'fail' }>): ReplyPart | null {
    if (step.type === 'media') return this.#media(step)
    if (step.type === 'delta') return step.text === '' ? null : step
    if (step.type === 'data') this.#add(step.data)
    else if (step.type === 'badData') this.#drop(step.why)
    else if (step.type === 'lostPiece') this.#mayLackPiece = true
    else return step
    return null
  }

  /** Bytes of the file that this step completes. */
  sizeWith({ data = '' }: Extract<AnswerItemJson, { type: 'media' }>): number {
    return Math.min(this.#length + Buffer.byteLength(data, 'base64'), MAX_FILE_BYTES)
  }

  /** What is left where the answer is complete: a file of which only the beginning came. */
  end(): Unusable | null {
    const isOpen = this.#length > 0 || this.#problem !== null
    this.#reset()
    return isOpen ? { type: 'unusable', why: 'The answer ended in the middle of a file.' } : null
  }

  #media({ path, data, ...media }: Extract<AnswerItemJson, { type: 'media' }>): ReplyPart {
    const sources = [path !== undefined, data !== undefined, this.#length > 0].filter(Boolean).length
    if (this.#problem === null && sources !== 1)
      this.#drop('A file needs either "path", or "data", or "data" steps before it.')
    if (this.#mayLackPiece && this.#length > 0) this.#drop('A piece of this file was refused.')
    if (data !== undefined) this.#add(data)
    const [why, pieces] = [this.#problem, this.#data]
    this.#reset()
    if (why !== null) return { type: 'unusable', why, caption: media.caption }
    return { ...media, file: path === undefined ? { data: Buffer.concat(pieces) } : { path } }
  }

  #add(base64: string): void {
    if (this.#problem !== null) return
    const read = fileData(base64, this.#length)
    if ('why' in read) return this.#drop(read.why)
    this.#data.push(read.data)
    this.#length += read.data.length
  }

  #drop(why: string): void {
    this.#problem ??= why
    this.#data = []
  }

  #reset(): void {
    this.#data = []
    this.#length = 0
    this.#problem = null
    this.#mayLackPiece = false
  }
}
