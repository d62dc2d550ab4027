import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capabilities } from '../../../src/messaging/capabilities.ts'
import { type IncomingContent, type RemoteMedia, textOf } from '../../../src/messaging/content.ts'
import { type IncomingMessage, referenceTo } from '../../../src/messaging/incoming-message.ts'
import type { MediaTarget } from '../../../src/messaging/media-outcome.ts'
import type { OutgoingContent, OutgoingMessage } from '../../../src/messaging/outgoing-message.ts'
import type { Transport } from '../../../src/messaging/transport.ts'
import { isIdentifier } from '../../../src/text/bounded-text.ts'
import type { RecordingSink } from './recording-sink.ts'

/** What a person's phone shows of the chat with the account. Ids are WhatsApp's. */
export interface SeenByPerson {
  /** One entry for each time that a text is shown. */
  texts: { text: string; quotedId: string | null }[]
  reactions: { emoji: string; id: string }[]
  /** The person's own messages that are marked as read. */
  readIds: string[]
  isTyping: boolean
  /** The SHA-256 of each file that is shown, in hex. */
  files: string[]
}

/** A transport that is ready, and a person who writes to the account over it. */
export interface TransportHarness {
  transport: Transport
  sink: RecordingSink
  /** The person's number, E.164. */
  person: string
  /** The person writes to the account. */
  write(text: string): Promise<void>
  /** The person sends a document. Needed with any of the capability `media`. */
  sendFile?(bytes: Buffer): Promise<void>
  /** The person writes in a group that both are in, and mentions the account. Needed with the capability `groups`. */
  writeInGroup?(text: string): Promise<void>
  seen(): SeenByPerson
  /** The person reads everything that the account wrote. */
  read(): Promise<void>
  /** How often it asks at most whether a message may leave; once without it. */
  looks?: number
  /** WhatsApp refuses what it has acknowledged. Needed with the capability `failsLater`. */
  refuse?(remoteId: string): void
  /** The connection ends; resolves when the transport knows. */
  disconnect(): Promise<void>
  stop(): Promise<void>
}

/** What every transport promises to conversations, with the differences that its capabilities name. */
export function transportContract(
  name: string,
  capabilities: Capabilities,
  start: () => Promise<TransportHarness>,
): void {
  describe(`${name} as a transport`, () => {
    let harness: TransportHarness
    const never = new AbortController().signal
    beforeAll(async () => {
      harness = await start()
    })
    afterAll(() => harness.stop())

    /** What the person wrote, as the sink got it. */
    const received = async (text: string): Promise<IncomingMessage> => {
      await harness.write(text)
      return harness.sink.message(
        ({ content }) => content.kind === 'message' && textOf(content.parts) === text,
      )
    }
    const to = (message: IncomingMessage, content: OutgoingContent): OutgoingMessage => ({
      localId: harness.transport.newLocalId(),
      chat: message.chat,
      person: message.chat.kind === 'group' ? null : harness.person,
      content,
    })
    const text = (words: string, quoted?: IncomingMessage): OutgoingContent => ({
      kind: 'message',
      part: { kind: 'text', text: words },
      ...(quoted === undefined ? {} : { quote: { message: referenceTo(quoted), text: 'quoted' } }),
    })
    const acknowledged = async (message: OutgoingMessage): Promise<string> => {
      const outcome = await harness.transport.send(message, never)
      if (outcome.outcome !== 'acknowledged') throw new Error(`it was not acknowledged: ${outcome.outcome}`)
      return outcome.remoteId
    }
    const shown = (words: string): number =>
      harness.seen().texts.filter(({ text: each }) => each === words).length

    it('has the capabilities that it is known by, and makes local ids that are unique and can be stored', () => {
      const { transport } = harness
      expect(transport.capabilities).toEqual(capabilities)
      expect(transport.ready).toBe(true)
      const ids = Array.from({ length: 100 }, () => transport.newLocalId())
      expect(new Set(ids).size).toBe(100)
      expect(ids.every(isIdentifier)).toBe(true)
    })

    it('hands over what a person writes, with a number that is proven', async () => {
      const message = await received('hello')
      expect(message).toMatchObject({
        chat: { kind: 'direct' },
        sender: { phoneNumber: { value: harness.person }, conflict: false },
        content: { kind: 'message', parts: [{ kind: 'text', text: 'hello' }], quoted: null },
        mentionsUs: false,
      })
      expect([message.id, message.chat.address, message.sender.address].every(isIdentifier)).toBe(true)
      expect(harness.transport.identify(message.sender.address).conflict).toBe(false)
    })

    it("delivers an answer, and tells WhatsApp's id of it", async () => {
      const question = await received('what time is it?')
      const answer = to(question, text('noon', question))
      const remoteId = await acknowledged(answer)
      expect(isIdentifier(remoteId)).toBe(true)
      expect(remoteId === answer.localId).toBe(capabilities.remoteIds === 'local')
      await expect.poll(() => harness.seen().texts).toContainEqual({ text: 'noon', quotedId: question.id })
    })

    it('lets nothing leave that is taken back at any moment, and the same message later', async () => {
      const looks = harness.looks ?? 1
      const places = [await received('taken back?')]
      if (harness.writeInGroup !== undefined) {
        await harness.writeInGroup('taken back here?')
        places.push(await harness.sink.message(({ chat }) => chat.kind === 'group'))
      }
      for (const place of places) {
        const words = `after all, in a ${place.chat.kind} chat`
        const message = to(place, text(words))
        for (let kept = 0; kept < looks; kept += 1) {
          let asked = 0
          const takenBack = { ...message, mayLeave: () => asked++ < kept }
          expect(await harness.transport.send(takenBack, never), `${kept} of ${looks}`).toMatchObject({
            outcome: 'unconfirmed',
            nothingLeft: true,
          })
        }
        expect(shown(words)).toBe(0)
        let asked = 0
        await acknowledged({ ...message, mayLeave: () => asked++ < looks })
        if (place.chat.kind === 'direct') await expect.poll(() => shown(words)).toBe(1)
      }
    })

    if (capabilities.resend)
      it('shows what is sent twice under one local id once', async () => {
        const message = to(await received('again?'), text('only once'))
        const ids = [await acknowledged(message), await acknowledged(message)]
        expect(new Set(ids).size).toBe(1)
        await acknowledged({
          ...message,
          localId: harness.transport.newLocalId(),
          content: text('behind it'),
        })
        await expect.poll(() => shown('behind it')).toBe(1)
        expect(shown('only once')).toBe(1)
      })

    it("tells when a message is delivered and read, by WhatsApp's id", async () => {
      const remoteId = await acknowledged(to(await received('tell me'), text('told')))
      await expect.poll(() => shown('told')).toBe(1)
      await harness.read()
      await expect
        .poll(() =>
          harness.sink.statuses.filter((update) => update.remoteId === remoteId).map(({ status }) => status),
        )
        .toEqual(expect.arrayContaining(['delivered', 'read']))
    })

    if (capabilities.failsLater)
      it('tells of a refusal that comes after the acknowledgement', async () => {
        const message = to(await received('refused?'), text('perhaps'))
        const remoteId = await acknowledged(message)
        harness.refuse?.(remoteId)
        await expect
          .poll(() => harness.sink.statuses)
          .toContainEqual(expect.objectContaining({ remoteId, status: 'failed', code: expect.any(String) }))
      })

    if (capabilities.reactions)
      it('reacts to a message by its reference, and takes that back', async () => {
        const message = await received('react to this')
        for (const emoji of ['👀', ''])
          await acknowledged(
            to(message, { kind: 'reaction', emoji, target: referenceTo(message), at: new Date() }),
          )
        await expect
          .poll(() => harness.seen().reactions)
          .toEqual([
            { emoji: '👀', id: message.id },
            { emoji: '', id: message.id },
          ])
      })

    if (capabilities.receipts)
      it('marks messages as read by their references', async () => {
        const messages = [await received('read this'), await received('and this')]
        await harness.transport.markRead(messages.map(referenceTo))
        await expect
          .poll(() => harness.seen().readIds)
          .toEqual(expect.arrayContaining(messages.map(({ id }) => id)))
      })

    if (capabilities.typing)
      it('shows that an answer is being written, and that it is not any more', async () => {
        const question = await received('are you there?')
        await harness.transport.setTyping(question.chat, true, referenceTo(question))
        await expect.poll(() => harness.seen().isTyping).toBe(true)
        await harness.transport.setTyping(question.chat, false)
        // Where it is shown below a message it lasts until the answer.
        if (capabilities.typingMarksRead) await acknowledged(to(question, text('I am')))
        await expect.poll(() => harness.seen().isTyping).toBe(false)
      })

    if (capabilities.groups)
      it('knows a group by its kind, and answers and reads there', async () => {
        await harness.writeInGroup?.('and you, account?')
        const question = await harness.sink.message(({ chat }) => chat.kind === 'group')
        expect(question).toMatchObject({
          mentionsUs: true,
          sender: { phoneNumber: { value: harness.person } },
        })
        await acknowledged(to(question, text('I agree', question)))
        await expect
          .poll(() => harness.seen().texts)
          .toContainEqual({ text: 'I agree', quotedId: question.id })
        if (!capabilities.receipts) return
        await harness.transport.markRead([referenceTo(question)])
        await expect.poll(() => harness.seen().readIds).toContain(question.id)
      })

    if (capabilities.media.document !== undefined) {
      const directory = mkdtempSync(join(tmpdir(), 'transport-files-'))
      afterAll(() => rmSync(directory, { recursive: true }))

      it('uploads a file, and shows it whole', async () => {
        const bytes = randomBytes(70_000)
        const path = join(directory, 'plan.pdf')
        writeFileSync(path, bytes)
        const mimeType = 'application/pdf'
        const file = { kind: 'document' as const, path, size: bytes.length, mimeType, name: 'plan.pdf' }
        const message = to(await received('the plan?'), {
          kind: 'message',
          part: { kind: 'file', text: '', file },
        })
        expect(await harness.transport.upload(message, never)).toBeNull()
        await acknowledged(message)
        await expect
          .poll(() => harness.seen().files)
          .toContainEqual(createHash('sha256').update(bytes).digest('hex'))
      })

      it('fetches what a person sends to a new private file, within a limit', async () => {
        const bytes = randomBytes(50_000)
        await harness.sendFile?.(bytes)
        const message = await harness.sink.message(({ content }) => mediaOf(content) !== null)
        const media = mediaOf(message.content)
        if (media === null) throw new Error('it has a file')
        const target = (name: string, maxBytes: number): MediaTarget => {
          return { path: join(directory, name), maxBytes, message: referenceTo(message) }
        }
        const small = await harness.transport.fetchMedia(media, target('small', 49_999), never)
        expect(small).toMatchObject({ outcome: 'failed', code: 'too_large' })
        const fetched = await harness.transport.fetchMedia(media, target('whole', 60_000), never)
        expect(fetched).toMatchObject({ outcome: 'fetched', size: bytes.length })
        expect(readFileSync(join(directory, 'whole'))).toEqual(bytes)
        expect(statSync(join(directory, 'whole')).mode & 0o777).toBe(0o600)
      })
    }

    // Last: the connection does not come back.
    it('without a connection it is not ready, sends nothing and rejects nothing', async () => {
      const message = to(await received('the last one'), text('too late'))
      await harness.disconnect()
      const { transport } = harness
      expect(transport.ready).toBe(false)
      expect(await transport.send(message, never)).toMatchObject({
        outcome: 'unconfirmed',
        nothingLeft: true,
      })
      await transport.setTyping(message.chat, true)
      await transport.markRead([])
      expect(transport.identify('of nobody')).toMatchObject({ conflict: false })
      expect(shown('too late')).toBe(0)
    })
  })
}

function mediaOf(content: IncomingContent): RemoteMedia | null {
  if (content.kind !== 'message') return null
  const part = content.parts.find((each) => each.kind === 'attachment')
  return part?.kind === 'attachment' ? (part.media ?? null) : null
}
