import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type IncomingContent, textParts } from '../../../src/messaging/content.ts'
import { identity } from '../../support/identity.ts'
import { CAPABILITIES, MemoryTransport } from '../../support/memory-transport.ts'
import { RecordingSink } from './recording-sink.ts'
import { type SeenByPerson, type TransportHarness, transportContract } from './transport-contract.ts'

const PERSON = '+15550001111'
const ADDRESS = '15550001111'

/** The transport of the other tests, with a server and a person that live in memory, too. */
function harnessOf(transport: MemoryTransport): TransportHarness {
  const sink = new RecordingSink()
  const seen: SeenByPerson = { texts: [], reactions: [], readIds: [], isTyping: false, files: [] }
  const shown = new Set<string>()
  let messages = 0
  const write = async (text: string, kind: 'direct' | 'group'): Promise<void> =>
    receive({ kind: 'message', parts: textParts(text), quoted: null }, kind)
  const receive = (content: IncomingContent, kind: 'direct' | 'group'): void => {
    messages += 1
    const address = kind === 'group' ? 'a group' : ADDRESS
    sink.received({
      chat: { kind, address },
      id: `IN${messages}`,
      sender: identity(ADDRESS, PERSON),
      content,
      mentionsUs: kind === 'group',
      sentAt: new Date(),
      arrival: 'live',
    })
  }
  transport.answer = ({ id, text, part, quote }) => {
    const isShown = transport.capabilities.resend && shown.has(id)
    shown.add(id)
    if (part.kind === 'file')
      seen.files.push(createHash('sha256').update(readFileSync(part.file.path)).digest('hex'))
    if (!isShown) seen.texts.push({ text, quotedId: quote?.message.id ?? null })
    const remoteId = transport.remoteIdOf(id)
    sink.statusChanged({ remoteId, localId: null, status: 'delivered' })
    return { outcome: 'acknowledged', at: new Date(), remoteId }
  }
  transport.answerReaction = ({ reaction: { emoji, target } }) => {
    seen.reactions.push({ emoji, id: target.id })
    return { outcome: 'acknowledged', at: new Date() }
  }
  return {
    transport,
    sink,
    person: PERSON,
    write: (text) => write(text, 'direct'),
    sendFile: async (bytes) => {
      transport.files.set('a file', bytes)
      const part = { kind: 'attachment' as const, text: '[document]', media: { source: 'a file' } }
      receive({ kind: 'message', parts: [part], quoted: null }, 'direct')
    },
    writeInGroup: (text) => write(text, 'group'),
    seen: () => ({
      ...seen,
      readIds: transport.whats('read').flatMap(({ detail }) => detail.split(',')),
      isTyping: transport.log.findLast(({ what }) => /typing|paused/.test(what))?.what === 'typing',
    }),
    read: async () => {
      for (const { id } of transport.sent)
        sink.statusChanged({ remoteId: transport.remoteIdOf(id), localId: null, status: 'read' })
    },
    refuse: (remoteId) =>
      sink.statusChanged({
        remoteId,
        localId: null,
        status: 'failed',
        code: 'undeliverable',
        message: 'It cannot be delivered.',
      }),
    disconnect: async () => {
      transport.ready = false
    },
    stop: async () => {},
  }
}

for (const [name, capabilities] of Object.entries(CAPABILITIES))
  transportContract(`memory (${name})`, capabilities, async () =>
    harnessOf(new MemoryTransport(capabilities)),
  )
