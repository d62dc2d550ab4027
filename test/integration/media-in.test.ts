import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DownloadFault, ReuploadFault } from '../../src/simulator/faults/media-faults.ts'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { withFileSizeLimit } from '../support/file-size-limit.ts'
import { fileReaderAgent } from '../support/file-reader-agent.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const JPEG = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
  Buffer.from('JFIF\0'),
  randomBytes(9_000),
])
const OGG = Buffer.concat([
  Buffer.from('OggS\0\u0002'),
  Buffer.alloc(22),
  Buffer.from('OpusHead\u0001\u0001'),
  randomBytes(800),
])
const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(70_000)])
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
const SORRY = 'Sorry, I could not open this file. Please send it again.'

describe('files that people send', () => {
  let stack: Stack
  let group: SimulatedGroup
  beforeAll(async () => {
    stack = await Stack.start({
      timings: {
        media: { idleMs: 400, totalMs: 8_000, retryWaitsMs: [10, 20], answerMs: 600, hostsMs: 300 },
      },
    })
    await allow(ALICE)
    group = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, stack.mallory],
    })
    await stack.link()
  })
  afterAll(() => stack.stop())
  afterEach(() => {
    stack.simulator.faults.clear()
  })

  const downloads = (): number =>
    stack.simulator.media.requests.items.filter(({ kind }) => kind === 'download').length
  const onDisk = (): string[] =>
    readdirSync(join(stack.stateDir, 'accounts', 'default', 'media')).filter((name) => name !== '.gitignore')
  /** What the person is answered, in one line. */
  const answerTo = async (media: OutgoingMedia, to: string | SimulatedGroup = OWNER): Promise<string> => {
    const { alice } = stack
    const before = alice.received.length
    await alice.sendMedia(to, media, to === OWNER ? {} : { mention: OWNER })
    const { text } = await alice.waitForText(
      (message) => message.from === OWNER && alice.received.indexOf(message) >= before,
    )
    return text.replaceAll('\n', ' ')
  }
  const allow = async (...allowFrom: string[]): Promise<void> => {
    const applied = stack.published('config.applied').length
    stack.writeConfig(allowFrom, fileReaderAgent(stack.directory))
    await stack.until('the config', () => stack.published('config.applied').length > applied)
  }

  it.each<[string, OutgoingMedia, string]>([
    [
      'a photo with words',
      { kind: 'image', data: JPEG, caption: 'what is this?' },
      `"[photo] what is this?"; image image/jpeg 600 ${hashOf(JPEG)}`,
    ],
    ['a photo alone', { kind: 'image', data: JPEG }, `"[photo]"; image image/jpeg 600 ${hashOf(JPEG)}`],
    [
      'a voice message',
      { kind: 'voice', data: OGG, seconds: 4 },
      `"[voice message, 4 seconds]"; audio audio/ogg; codecs=opus 600 ${hashOf(OGG)}`,
    ],
    [
      'a document',
      { kind: 'document', data: PDF, name: '../../etc/passwd\u202Efdp.exe' },
      `"[document "../../etc/passwdfdp.exe"]"; document application/pdf 600 ${hashOf(PDF)}`,
    ],
    ['a sticker', { kind: 'sticker', data: randomBytes(40) }, 'sticker'],
  ])('reach the assistant: %s', async (_what, media, answer) => {
    expect(await answerTo(media)).toContain(answer)
  })

  it('in a group what is for the assistant is fetched, and nothing else', async () => {
    const before = downloads()
    await stack.alice.sendMedia(group, { kind: 'image', data: JPEG, caption: 'for all of you' })
    await stack.mallory.sendMedia(group, { kind: 'image', data: JPEG }, { mention: OWNER })
    expect(await answerTo({ kind: 'image', data: JPEG, caption: 'and this?' }, group)).toContain(hashOf(JPEG))
    expect(downloads()).toBe(before + 1)
  })

  it('of a stranger nothing is fetched', async () => {
    const before = downloads()
    await stack.mallory.sendMedia(OWNER, { kind: 'document', data: PDF, name: 'virus.pdf' })
    await stack.untilEvent('message.blocked')
    expect(await answerTo({ kind: 'image', data: JPEG })).toContain(hashOf(JPEG))
    expect(downloads()).toBe(before + 1)
  })

  const FAULTS: [string, DownloadFault, OutgoingMedia['claims'], string][] = [
    ['bytes that were changed', { kind: 'spoiled' }, {}, 'it is not the one'],
    [
      'another hash than its message says',
      { kind: 'slow', bytesPerSecond: 1e6 },
      { fileSha256: randomBytes(32) },
      'not the one',
    ],
    ['another key', { kind: 'slow', bytesPerSecond: 1e6 }, { mediaKey: randomBytes(32) }, 'not the one'],
    ['more bytes than its message says', { kind: 'longer', by: 100_000 }, {}, 'not the one'],
    ['silence', { kind: 'stalled' }, {}, 'could not be reached'],
    ['an end in the middle', { kind: 'cut' }, {}, 'could not be reached'],
    ['errors of the server', { kind: 'status', status: 503 }, {}, 'could not be reached'],
    [
      'a redirect to this machine',
      { kind: 'redirect', to: 'http://127.0.0.1:1/admin' },
      {},
      'cannot be fetched',
    ],
    [
      'a path to another host',
      { kind: 'slow', bytesPerSecond: 1e6 },
      { directPath: '//evil.example/x' },
      'cannot be fetched',
    ],
    [
      'a URL of another host',
      { kind: 'slow', bytesPerSecond: 1e6 },
      { directPath: null, url: 'http://127.0.0.1:1/admin' },
      'cannot be fetched',
    ],
  ]
  it.each(FAULTS)('%s: nothing is kept, and the sender is told', async (_what, fault, claims, problem) => {
    stack.simulator.faults.media.spoilDownloads(fault)
    const kept = onDisk()
    const media = { kind: 'image', data: JPEG, claims } as const
    const answer = await answerTo({ ...media, caption: 'what is this?' } as OutgoingMedia)
    expect(answer).toContain('"[photo] what is this?"; image: ')
    expect(answer.replace('The file that came is not the one that was sent.', 'it is not the one')).toContain(
      problem,
    )
    expect(onDisk()).toEqual(kept)
  })

  it('bytes without an end are cut at the limit, and the sender is told that it is too large', async () => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'endless' })
    const kept = onDisk()
    expect(await answerTo({ kind: 'image', data: JPEG })).toContain('This file is too large for me.')
    expect(onDisk()).toEqual(kept)
  })

  it.each([1, 8_000_000])('a file that declares %i bytes is taken as it comes', async (fileLength) => {
    const answer = await answerTo({ kind: 'image', data: JPEG, caption: 'see', claims: { fileLength } })
    expect(answer).toContain(hashOf(JPEG))
  })

  it('a file that cannot be had is not asked about: its sender gets a sentence, once', async () => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'spoiled' })
    expect(await answerTo({ kind: 'image', data: JPEG })).toBe(SORRY)
  })

  it('a failure that passes is not noticed', async () => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'status', status: 503 }, { times: 2 })
    expect(await answerTo({ kind: 'image', data: JPEG, caption: 'see' })).toContain(hashOf(JPEG))
  })

  /** The wait for an answer to `media_conn`, half a minute each time, was part of every download. */
  it('while WhatsApp does not name its servers, a file comes from the usual one', async () => {
    const { faults, media } = stack.simulator
    const withheld = faults.withholdAnswers({ xmlns: 'w:m', element: 'media_conn' })
    media.tickets.expire()
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('connected')
    expect(await answerTo({ kind: 'image', data: JPEG, caption: 'see' })).toContain(hashOf(JPEG))
    expect(withheld.hits).toBeGreaterThan(0)
  })

  it.each([403, 404, 410])('a file that is gone (%i) comes from the phone', async (status) => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'status', status }, { times: 1 })
    expect(await answerTo({ kind: 'image', data: JPEG, caption: 'see' })).toContain(hashOf(JPEG))
  })

  const PHONES: [string, ReuploadFault, string][] = [
    ['does not have it any more', { kind: 'error', code: 2 }, 'The file is no longer there'],
    ['cannot find it', { kind: 'result', result: 2 }, 'The file is no longer there'],
    ['cannot read what is asked', { kind: 'result', result: 3 }, 'The file is no longer there'],
    ['says nothing', { kind: 'silence' }, 'did not answer'],
    ['answers about another message', { kind: 'other-id' }, 'did not answer'],
    ['answers what cannot be read', { kind: 'unreadable' }, 'did not answer'],
    ['names another host', { kind: 'path', directPath: '//evil.example/x' }, 'The file is no longer there'],
    ['answers twice', { kind: 'twice' }, hashOf(JPEG)],
  ]
  it.each(PHONES)('a file that is gone, of which the phone %s', async (_what, fault, answer) => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'status', status: 404 }, { times: 1 })
    stack.simulator.faults.media.spoilReuploads(fault)
    expect(await answerTo({ kind: 'image', data: JPEG, caption: 'see' })).toContain(answer)
  })

  it('a file for which the disk has no room is not kept in part, and who sent it is told', async () => {
    const data = Buffer.concat([JPEG, randomBytes(20_000_000)])
    const kept = onDisk()
    await withFileSizeLimit(15_000_000, async () => {
      const answer = await answerTo({ kind: 'document', data, caption: 'what is this?' })
      expect(answer).toContain('There is no room for the file on the disk of the assistant.')
      expect(onDisk()).toEqual(kept)
    })
    expect(await answerTo({ kind: 'document', data, caption: 'and now?' })).toContain(hashOf(data))
  })

  it('a message that is taken back takes its file with it', async () => {
    const kept = onDisk()
    const sent = await stack.alice.sendMedia(OWNER, {
      kind: 'document',
      data: PDF,
      name: 'secret.pdf',
      caption: 'here',
    })
    await stack.alice.waitForText(({ text }) => text.includes('secret.pdf'))
    expect(onDisk()).toHaveLength(kept.length + 1)
    await stack.alice.revoke(sent)
    await expect.poll(onDisk).toEqual(kept)
  })

  it('what is fetched for somebody who is taken from the list is given up', async () => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'slow', bytesPerSecond: 2_000 })
    const kept = onDisk()
    await stack.alice.sendMedia(OWNER, { kind: 'document', data: PDF, name: 'long.pdf', caption: 'read it' })
    await expect.poll(() => onDisk().length).toBeGreaterThan(kept.length)
    await allow(OWNER)
    await expect.poll(onDisk).toEqual(kept)
    await allow(ALICE)
    stack.simulator.faults.clear()
    expect(await answerTo({ kind: 'image', data: JPEG })).toContain(hashOf(JPEG))
  })

  it('a daemon that ends while it fetches answers once, with the whole file, when it is back', async () => {
    stack.simulator.faults.media.spoilDownloads({ kind: 'slow', bytesPerSecond: 20_000 }, { times: 1 })
    const kept = onDisk()
    const mark = stack.alice.received.length
    await stack.alice.sendMedia(OWNER, { kind: 'document', data: PDF, name: 'slow.pdf', caption: 'slow' })
    await expect.poll(() => onDisk().length).toBeGreaterThan(kept.length)
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.alice.waitForText(({ text }) => text.includes('slow.pdf') && text.includes(hashOf(PDF)))
    expect(stack.alice.received.slice(mark).filter(({ text }) => text.includes('slow.pdf'))).toHaveLength(1)
    expect(onDisk()).toHaveLength(kept.length + 1)
  })
})
