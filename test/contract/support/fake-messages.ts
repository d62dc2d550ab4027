import type { OfferedMedia } from '../../../src/conversations/media/media-admin.ts'
import type { Requester } from '../../../src/conversations/sending/send-request.ts'
import type { MediaPort, MessageChangesPort, MessagesPort } from '../../../src/control/ports.ts'
import type { MessageTemplate } from '../../../src/messaging/message-template.ts'
import type { SentMessage } from '../../../src/protocol/sent-message.ts'

const SINCE = '2026-01-02T03:04:05.000Z'

interface Call {
  method: string
  account: string
  request: unknown
  requester?: Requester
}

/** What sends messages in the real daemon, as plain state that a test sets. */
export class FakeMessages {
  readonly calls: Call[] = []
  message: SentMessage = {
    messageId: '3EB0ABCDEF',
    clientMessageId: 'mine-1',
    conversationId: '7',
    conversation: '+15555550101',
    state: 'queued',
    waitsFor: 'turn',
    queuedAt: SINCE,
    failure: null,
  }
  isNew = true
  templates: readonly MessageTemplate[] = []
  /** By id. */
  readonly files = new Map<string, OfferedMedia>()
  readonly uploads: { bytes: Buffer; name: string | null; mimeType: string | null; length: number | null }[] =
    []
  readonly #failure: () => unknown

  constructor(failure: () => unknown) {
    this.#failure = failure
  }

  of(account: string): MessagesPort & MessageChangesPort {
    const called = (call: Omit<Call, 'account'>): SentMessage => {
      this.calls.push({ ...call, account })
      if (this.#failure() !== null) throw this.#failure()
      return this.message
    }
    const change =
      (method: string) =>
      (request: unknown, requester: Requester): SentMessage =>
        called({ method, request, requester })
    return {
      send: async (request, requester) => ({
        ...called({ method: 'send', request, requester }),
        isNew: this.isNew,
      }),
      get: (messageId) => ({ ...called({ method: 'get', request: messageId }), messageId }),
      templates: async (request) => {
        called({ method: 'templates', request })
        return this.templates
      },
      react: change('react'),
      edit: change('edit'),
      revoke: change('revoke'),
    }
  }

  readonly media: MediaPort = {
    receive: async ({ body, name, mimeType, length }) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      if (this.#failure() !== null) throw this.#failure()
      const bytes = Buffer.concat(chunks)
      this.uploads.push({ bytes, name, mimeType, length })
      return { mediaId: 'upload-1', expiresAt: new Date(SINCE), size: bytes.length, mimeType }
    },
    find: (mediaId) => this.files.get(mediaId) ?? null,
  }
}
