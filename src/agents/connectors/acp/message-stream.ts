import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { AnyMessage, Stream } from '@agentclientprotocol/sdk'
import { isRecord } from '../../../protocol/is-record.ts'
import { AgentError } from '../../agent-error.ts'
import { MAX_STEP_BYTES } from '../../answers/file-data.ts'
import { readLines } from '../../programs/read-lines.ts'

/** Some programs greet, or warn, where only messages belong; this many bytes of it between two messages. */
const MAX_NOISE_BYTES = 256 * 1_024
/** Requests of the agent that wait for our answer; it is read no further while they do. */
const MAX_OPEN_REQUESTS = 64
const UPDATE = 'session/update'

export interface MessageStreamDeps {
  stdin: Writable
  /** Read no faster than the messages are taken. */
  stdout: Readable
  /** Takes the parameters of each `session/update`, in their order among all messages; the next one waits until it settles. */
  updated: (params: unknown) => Promise<void> | void
}

/**
 * JSON-RPC messages as lines over the pipes of a program. Unlike the stream of the protocol's own library it reads no further than its
 * messages are handled, keeps the order of updates, and accepts lines that are no messages. The reading side fails with `AgentError`
 * (`bad_answer`) for a line that is too long, and for too much that is no message.
 */
export function messageStream(deps: MessageStreamDeps): Stream {
  const requests = new OpenRequests()
  const incoming = readMessages(deps, requests)
  return {
    readable: new ReadableStream<AnyMessage>(
      {
        async pull(controller) {
          const step = await incoming.next()
          if (step.done === true) controller.close()
          // Checked by the library, which refuses what is no message.
          else controller.enqueue(step.value as unknown as AnyMessage)
        },
        cancel: () => void deps.stdout.destroy(),
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream<AnyMessage>({
      async write(message) {
        const hasRoom = deps.stdin.write(`${JSON.stringify(message)}\n`)
        if (!hasRoom && deps.stdin.writable) await untilTaken(deps.stdin)
        requests.answered(message)
      },
    }),
  }
}

async function* readMessages(
  { stdout, updated }: MessageStreamDeps,
  requests: OpenRequests,
): AsyncGenerator<Record<string, unknown>, void, void> {
  let noise = 0
  for await (const line of readLines(stdout, MAX_STEP_BYTES)) {
    const message = parseMessage(line)
    if (message === null) {
      noise += line.length
      if (noise > MAX_NOISE_BYTES)
        throw new AgentError('bad_answer', 'the agent writes something that is no message of the protocol')
      continue
    }
    noise = 0
    if (message['method'] === UPDATE && message['id'] === undefined) await updated(message['params'])
    else {
      await requests.opened(message)
      yield message
    }
  }
}

function parseMessage(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) && value['jsonrpc'] === '2.0' ? value : null
  } catch {
    return null
  }
}

/** Counts what the agent asks and what it was answered, so that questions without end are not kept without end. */
class OpenRequests {
  readonly #open = new Set<unknown>()
  #waiting: (() => void) | null = null

  /** Resolves when there is room for this message. */
  async opened({ id, method }: Record<string, unknown>): Promise<void> {
    if (method === undefined || id === undefined) return
    while (this.#open.size >= MAX_OPEN_REQUESTS) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve
      })
    }
    this.#open.add(id)
  }

  answered(message: AnyMessage): void {
    if ('method' in message || !('id' in message)) return
    this.#open.delete(message.id)
    this.#waiting?.()
    this.#waiting = null
  }
}

/** Resolves when what was written is taken, or never will be. Leaves no listener behind. */
async function untilTaken(stdin: Writable): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  try {
    await Promise.race([once(stdin, 'drain', { signal }), once(stdin, 'close', { signal })])
  } finally {
    over.abort()
  }
}
