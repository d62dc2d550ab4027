import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WhatsappdClient } from '../../src/client/client.ts'
import type { UploadFault } from '../../src/simulator/faults/media-faults.ts'
import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'
import { stepAgent } from '../support/step-agent.ts'

const FILE = randomBytes(200_000)
const SHA256 = createHash('sha256').update(FILE).digest('hex')
const NOT_SENT = 'A file that belongs to this answer could not be sent.'

let directory: string
let stack: Stack
let client: WhatsappdClient
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'media-out-faults-'))
  writeFileSync(join(directory, 'plan.bin'), FILE)
  stack = await Stack.start({
    channel: stepAgent(directory),
    timings: { queryTimeoutMs: 500, media: { uploadRetryMs: 100 } },
  })
  await stack.link()
  client = await stack.client()
})
afterEach(() => stack.simulator.faults.clear())
afterAll(async () => {
  client.close()
  await stack.stop()
  rmSync(directory, { recursive: true, force: true })
})

let answers = 0
/** Alice asks for the file, with words behind it. The mark is in the caption and in the words. */
async function ask(): Promise<string> {
  const mark = `answer${++answers}`
  const steps = [
    { type: 'media', kind: 'document', path: 'plan.bin', caption: `the plan ${mark}` },
    { type: 'delta', text: `That was ${mark}.` },
  ]
  await stack.alice.sendText(OWNER, JSON.stringify(steps))
  return mark
}

const answer = (mark: string): RecordedMessage[] =>
  stack.alice.received.filter(({ from, text }) => from === OWNER && text.includes(mark))

const uploads = (): number[] =>
  stack.simulator.media.requests.items.filter(({ kind }) => kind === 'upload').map(({ status }) => status)

describe('a file of an answer arrives, once and whole,', () => {
  const place = (answered: object): UploadFault => ({ kind: 'answer', body: JSON.stringify(answered) })

  it.each<[string, UploadFault]>([
    ['when the ticket is over', { kind: 'status', status: 401 }],
    ['when the ticket is refused', { kind: 'status', status: 403 }],
    ['when there are too many uploads', { kind: 'status', status: 429 }],
    ['when the server fails', { kind: 'status', status: 503 }],
    ['when the connection ends while it is sent', { kind: 'cut' }],
    ['when the answer is lost', { kind: 'lost-answer' }],
    ['when the answer comes late', { kind: 'slow', afterMs: 300 }],
    ['when the answer is no JSON', { kind: 'answer', body: '<html>' }],
    ['when the answer names no place', place({ url: 'https://mmg.whatsapp.net/v/x' })],
    ['when the place is at another host', place({ direct_path: '//evil.example/v/t62.7119-24/x' })],
    ['when the place is a whole URL', place({ direct_path: 'https://evil.example/v/t62.7119-24/x' })],
    ['when the server sends it elsewhere', { kind: 'redirect', to: 'http://127.0.0.1:9/mms/document/x' }],
  ])('%s', async (_when, fault) => {
    const struck = stack.simulator.faults.media.spoilUploads(fault, { times: 1 })
    const mark = await ask()
    await stack.alice.waitForText(`That was ${mark}.`)
    expect(struck.hits).toBe(1)
    expect(answer(mark).map(({ media }) => media?.sha256)).toEqual([SHA256, undefined])
  })

  it('when WhatsApp names a server first that is none of its own, and does not answer at first', async () => {
    const { faults, media } = stack.simulator
    media.tickets.expire()
    faults.media.hosts = ['evil.example']
    const withheld = faults.withholdAnswers({ xmlns: 'w:m', element: 'media_conn', times: 1 })
    const mark = await ask()
    await stack.alice.waitForText(`That was ${mark}.`)
    expect(withheld.hits).toBe(1)
    expect(answer(mark)[0]?.media?.sha256).toBe(SHA256)
  })

  it('when WhatsApp names no server for longer than one upload may take', async () => {
    const { faults, media } = stack.simulator
    const refused = faults.media.spoilUploads({ kind: 'status', status: 401 }, { times: 1 })
    const withheld = faults.withholdAnswers({ xmlns: 'w:m', element: 'media_conn' })
    media.tickets.expire()
    const mark = await ask()
    // An upload asks three times more.
    await expect.poll(() => withheld.hits).toBeGreaterThan(4)
    expect([refused.hits, answer(mark)]).toEqual([1, []])
    faults.clear()
    await stack.alice.waitForText(`That was ${mark}.`, 20_000)
    expect(answer(mark).map(({ media: shown }) => shown?.sha256)).toEqual([SHA256, undefined])
  })

  it('at the host that took it, whatever URL the server answers with', async () => {
    const body = JSON.stringify({
      url: 'https://evil.example/x',
      direct_path: '/v/t62.7119-24/none.enc?oh=1',
    })
    stack.simulator.faults.media.spoilUploads({ kind: 'answer', body }, { times: 1 })
    const mark = await ask()
    await stack.alice.waitForText(`That was ${mark}.`)
    expect(JSON.stringify(answer(mark)[0]?.message)).not.toContain('evil')
  })
})

describe('a file of an answer that cannot be sent', () => {
  it.each([
    ['is too large for the server', 413, 'file_too_large'],
    ['is refused by the server', 415, 'file_refused'],
  ])('%s: the words arrive, the person is told, and it can be sent again', async (_what, status, code) => {
    stack.simulator.faults.media.spoilUploads({ kind: 'status', status }, { times: 2 })
    const mark = await ask()
    await stack.alice.waitForText(`the plan ${mark}`)
    const failed = await stack.untilEvent('message.failed', (event) => event.code === code)
    await stack.alice.waitForText(`That was ${mark}.`)
    const { messageId } = failed
    await client.request('outbox.retry', { messageId })
    await stack.until(
      'the second failure',
      () => stack.published('message.failed').filter((event) => event.messageId === messageId).length === 2,
    )
    await client.request('outbox.retry', { messageId })
    const sent = await stack.alice.waitForText(({ id }) => id === messageId)
    expect(sent.media?.sha256).toBe(SHA256)
    expect(sent.text).toBe('')
    const texts = answer(mark).map(({ text, media }) => (media === undefined ? text : 'a file'))
    expect(texts.toSorted()).toEqual([`That was ${mark}.`, `the plan ${mark}`])
    await stack.alice.waitForText(NOT_SENT)
  })

  it('is gone from our disk', async () => {
    const fault = stack.simulator.faults.media.spoilUploads({ kind: 'status', status: 503 })
    const mark = await ask()
    await expect.poll(() => fault.hits).toBe(1)
    const files = join(stack.stateDir, 'accounts', 'default', 'media')
    for (const name of readdirSync(files)) rmSync(join(files, name))
    await stack.untilEvent('message.failed', ({ code }) => code === 'file_gone')
    await stack.alice.waitForText(`That was ${mark}.`)
    await stack.alice.waitForText(`the plan ${mark}`)
    expect(answer(mark).filter(({ media }) => media !== undefined)).toEqual([])
  })

  it('is of somebody who is not allowed any more when it is uploaded', async () => {
    stack.simulator.faults.media.spoilUploads({ kind: 'slow', afterMs: 1_500 }, { times: 1 })
    const taken = uploads().length
    const mark = await ask()
    await expect.poll(() => uploads().length).toBe(taken + 1)
    stack.writeConfig([MALLORY])
    // The words behind the file fail at once, and the file when it is uploaded.
    await stack.until(
      'both failures',
      () => stack.published('message.failed').filter(({ code }) => code === 'not_allowed').length === 2,
    )
    await stack.mallory.sendText(OWNER, JSON.stringify([{ type: 'delta', text: `to Mallory ${mark}` }]))
    await stack.mallory.waitForText(`to Mallory ${mark}`)
    expect(answer(mark)).toEqual([])
    stack.writeConfig([ALICE])
    await stack.untilEvent('config.applied')
  })
})
