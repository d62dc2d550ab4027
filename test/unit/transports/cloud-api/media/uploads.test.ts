import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OutgoingFile } from '../../../../../src/messaging/outgoing-message.ts'
import { BusinessDesk, NEVER } from '../business-desk.ts'

function fileOn(desk: BusinessDesk, more: Partial<OutgoingFile> = {}): OutgoingFile {
  const bytes = Buffer.from('the whole file')
  const path = join(desk.directory, 'plan.pdf')
  writeFileSync(path, bytes)
  return {
    kind: 'document',
    path,
    size: bytes.length,
    mimeType: 'application/pdf',
    name: 'plan "1".pdf',
    ...more,
  }
}

const uploads = (desk: BusinessDesk): number =>
  desk.server.requests.filter(({ path }) => path.endsWith('/media')).length

describe('the file of a message', () => {
  it('is uploaded whole with its type, and sent by the id that Meta gave', async () => {
    const desk = await BusinessDesk.start()
    const message = desk.file(fileOn(desk), 'the plan')
    expect(await desk.transport.upload(message, NEVER)).toBeNull()
    const [upload] = desk.server.requests
    const body = upload?.body.toString() ?? ''
    expect(upload).toMatchObject({ method: 'POST', path: '/v25.0/111/media' })
    expect(Number(upload?.headers['content-length'])).toBe(upload?.body.length)
    expect(body).toContain('name="messaging_product"\r\n\r\nwhatsapp\r\n')
    expect(body).toContain('name="type"\r\n\r\napplication/pdf\r\n')
    expect(body).toContain('content-type: application/pdf\r\n\r\nthe whole file\r\n')
    expect(await desk.transport.send(message, NEVER)).toMatchObject({ outcome: 'acknowledged' })
    expect(desk.server.requests[1]?.json).toMatchObject({
      type: 'document',
      document: { id: '987', filename: 'plan "1".pdf', caption: 'the plan' },
    })
  })

  it('is uploaded once, also over a restart; again for another number, and after 29 days', async () => {
    let now = Date.now()
    const desk = await BusinessDesk.start()
    const message = desk.file(fileOn(desk))
    await desk.transport.upload(message, NEVER)
    await desk.transport.upload(message, NEVER)
    desk.restart()
    await desk.transport.upload(message, NEVER)
    expect(uploads(desk)).toBe(1)
    desk.access = { ...desk.access, phoneNumberId: '222' }
    await desk.transport.upload(message, NEVER)
    expect(uploads(desk)).toBe(2)
    const later = await BusinessDesk.start({ now: () => now })
    const other = later.file(fileOn(later))
    await later.transport.upload(other, NEVER)
    now += 30 * 86_400_000
    await later.transport.upload(other, NEVER)
    expect(uploads(later)).toBe(2)
  })

  it('goes up anew for the next attempt where Meta refused the message with it', async () => {
    const desk = await BusinessDesk.start()
    const message = desk.file(fileOn(desk))
    await desk.transport.upload(message, NEVER)
    desk.server.answer = () => ({ status: 400, json: { error: { code: 131053, message: 'media' } } })
    expect(await desk.transport.send(message, NEVER)).toMatchObject({
      outcome: 'refused',
      code: 'file_refused',
    })
    desk.server.answer = () => ({ json: { id: '988' } })
    await desk.transport.upload(message, NEVER)
    expect(uploads(desk)).toBe(2)
  })

  it('is gone with what is forgotten', async () => {
    const desk = await BusinessDesk.start()
    const message = desk.file(fileOn(desk))
    await desk.transport.upload(message, NEVER)
    desk.transport.forget([], [message.localId])
    await desk.transport.upload(message, NEVER)
    expect(uploads(desk)).toBe(2)
  })

  it.each<[string, Partial<OutgoingFile>, string]>([
    ['a picture of another type', { kind: 'image', mimeType: 'image/gif' }, 'file_refused'],
    [
      'a picture that is too large',
      { kind: 'image', mimeType: 'image/png', size: 5_000_001 },
      'file_too_large',
    ],
    [
      'a video that is too large',
      { kind: 'video', mimeType: 'video/mp4', size: 16_000_001 },
      'file_too_large',
    ],
    ['a voice message that is no Ogg', { kind: 'voice', mimeType: 'audio/mpeg' }, 'file_refused'],
    [
      'a sticker that does not move',
      { kind: 'sticker', mimeType: 'image/webp', size: 100_001 },
      'file_too_large',
    ],
    [
      'an animated sticker',
      { kind: 'sticker', mimeType: 'image/webp', size: 500_001, isAnimated: true },
      'file_too_large',
    ],
    ['a document that is too large', { size: 100_000_001 }, 'file_too_large'],
    ['an empty file', { size: 0 }, 'file_refused'],
  ])('is refused before anything leaves: %s', async (_what, more, code) => {
    const desk = await BusinessDesk.start()
    const refusal = await desk.transport.upload(desk.file(fileOn(desk, more)), NEVER)
    expect(refusal).toMatchObject({ outcome: 'refused', code })
    expect(desk.server.requests).toEqual([])
  })

  it.each<[Partial<OutgoingFile>, string, unknown]>([
    [
      { kind: 'voice', mimeType: 'audio/ogg; codecs=opus' },
      'audio/ogg; codecs=opus',
      { audio: { id: '987', voice: true } },
    ],
    [{ kind: 'audio', mimeType: 'audio/mpeg' }, 'audio/mpeg', { audio: { id: '987' } }],
    [{ kind: 'image', mimeType: 'image/jpeg' }, 'image/jpeg', { image: { id: '987' } }],
    [{ kind: 'sticker', mimeType: 'image/webp' }, 'image/webp', { sticker: { id: '987' } }],
    [{ mimeType: 'text/csv', name: 'a.csv' }, 'text/plain', { document: { id: '987', filename: 'a.csv' } }],
  ])('goes as what it is: %j', async (more, type, expected) => {
    const desk = await BusinessDesk.start()
    const message = desk.file(fileOn(desk, more))
    expect(await desk.transport.upload(message, NEVER)).toBeNull()
    expect(desk.server.requests[0]?.body.toString()).toContain(`content-type: ${type}\r\n`)
    await desk.transport.send(message, NEVER)
    expect(desk.server.requests[1]?.json).toMatchObject(expected as object)
  })

  it('fails for good where it is not on the disk, and is tried again where Meta could not be reached', async () => {
    const desk = await BusinessDesk.start()
    const file = fileOn(desk)
    const gone = { ...file, path: join(desk.directory, 'nothing') }
    expect(await desk.transport.upload(desk.file(gone), NEVER)).toMatchObject({
      outcome: 'refused',
      code: 'file_gone',
    })
    for (const answer of ['reset', { status: 502, body: 'bad gateway' }] as const) {
      desk.server.answer = () => answer
      expect(await desk.transport.upload(desk.file(file), NEVER)).toMatchObject({
        outcome: 'unconfirmed',
        nothingLeft: true,
        isNotUploaded: true,
      })
    }
  })
})
