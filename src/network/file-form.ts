import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'

export interface FormFile {
  /** A whole path. */
  path: string
  /** In bytes. */
  size: number
  /** What it is, by its content. */
  mimeType: string
  /** Some servers tell the format by its end. */
  name: string
}

/** A body that is read from the disk while it is sent. */
export interface FileForm {
  /** Type and length. */
  headers: Readonly<Record<string, string>>
  /** How the file failed to be read to its end, as the end of a sentence; `null` while nothing is known of that. A request says only that it failed. */
  failure: () => string | null
  /** Reads the file anew; closes it when the signal is aborted, also where nobody has read it to its end. */
  stream(signal: AbortSignal): ReadableStream<Uint8Array>
}

/**
 * A form (`multipart/form-data`, RFC 7578) with these fields and one file (`file`), which is read while it is sent and never whole in memory.
 * Fields hold no line break.
 */
export function fileForm(fields: Readonly<Record<string, string>>, file: FormFile): FileForm {
  const boundary = `whatsappd-${randomUUID()}`
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const { path, size, mimeType } = file
  // Both would end the header.
  const name = file.name.replaceAll(/[\r\n"\\]/g, '_')
  const begin = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${mimeType}\r\n\r\n`
  const [head, tail] = [Buffer.from(texts.join('') + begin), Buffer.from(`\r\n--${boundary}--\r\n`)]
  let failure: string | null = null
  async function* parts(signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    yield head
    // A stream that is made with an aborted signal opens its file, and never closes it.
    signal.throwIfAborted()
    let length = 0
    // No more than its length was said to be.
    try {
      for await (const bytes of createReadStream(path, { end: size - 1, signal }) as AsyncIterable<Buffer>) {
        length += bytes.length
        yield bytes
      }
    } catch {
      // Its message quotes the path.
      failure = 'could not be read'
    }
    if (failure === null && length < size) failure = 'became shorter while it was read'
    if (failure !== null) throw new Error(`a file ${failure}`)
    yield tail
  }
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    },
    failure: () => failure,
    // Node's stream of bytes is the web's, whose types are declared twice.
    stream: (signal) => Readable.toWeb(Readable.from(parts(signal))) as unknown as ReadableStream<Uint8Array>,
  }
}
