import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import type { TraceEntry } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { ALICE, OWNER } from '../support/stack.ts'

/** Answers with words, a file and words; between the file and the end it waits for as long as `hold` is there. */
const PROGRAM = `
const { existsSync } = require('node:fs')
const say = (step) => console.log(JSON.stringify(step))
let input = ''
process.stdin.on('data', (chunk) => (input += chunk)).on('end', async () => {
  const mark = JSON.parse(input).messages.at(-1).text.split(' ').at(-1)
  say({ type: 'delta', text: 'Here is ' + mark + ':' })
  say({ type: 'media', kind: 'document', path: 'plan.bin', caption: 'the plan ' + mark })
  while (existsSync('hold')) await new Promise((resolve) => setTimeout(resolve, 20))
  say({ type: 'delta', text: 'That was ' + mark + '.' })
  say({ type: 'done' })
})
`

const FILE = randomBytes(300_000)
const SHA256 = createHash('sha256').update(FILE).digest('hex')

let directory: string
let daemon: KilledDaemon
let family: SimulatedGroup
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'media-out-killed-'))
  const program = join(directory, 'answer.cjs')
  writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(program, 0o755)
  writeFileSync(join(directory, 'plan.bin'), FILE)
  daemon = await KilledDaemon.start({
    allowFrom: [ALICE],
    blockStreaming: true,
    pace: { perMinute: 60_000, perHour: 600_000 },
    agents: { ada: { connector: 'command', program, workingDirectory: directory, output: 'jsonl' } },
    defaultAgent: 'ada',
  })
  const owner = daemon.simulator.phone(OWNER)
  if (owner === undefined) throw new Error('the owner has no phone')
  family = daemon.simulator.createGroup({
    subject: 'Family',
    members: [daemon.alice, owner, daemon.mallory],
  })
})
afterAll(async () => {
  await daemon.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** The uploads that were taken since the test began. */
let uploadsBefore = 0
const uploads = (): number =>
  daemon.simulator.media.requests.items.filter(({ kind, status }) => kind === 'upload' && status === 200)
    .length - uploadsBefore
beforeEach(() => {
  uploadsBefore = 0
  uploadsBefore = uploads()
})

const stored = (): string[] => {
  const files = join(daemon.home, 'state', 'accounts', 'default', 'media')
  return existsSync(files) ? readdirSync(files).filter((name) => name.endsWith('.bin')) : []
}

/** A stanza of the file's message, which is the second one of the answer. */
const isFile = (node: Stanza): boolean => node.tag === 'message' && uploads() > 0

const asksForServers = ({ direction, node }: TraceEntry): boolean =>
  direction === 'in' && JSON.stringify(node).includes('"media_conn"')
const sendsFile = ({ direction, node }: TraceEntry): boolean => direction === 'in' && isFile(node)
const isConfirmed = ({ direction, node }: TraceEntry): boolean =>
  direction === 'out' && node.tag === 'ack' && node.attrs.class === 'message' && uploads() > 0

type Place = 'alone' | 'in a group'

let questions = 0
async function ask(place: Place): Promise<string> {
  const mark = `question${++questions}`
  if (place === 'alone') await daemon.alice.sendText(OWNER, `about ${mark}`)
  else await daemon.alice.sendGroupText(family, `@${OWNER.slice(1)} about ${mark}`, { mention: OWNER })
  return mark
}

/** The whole answer came to Alice once, in order, with these bytes. */
async function expectWhole(mark: string): Promise<void> {
  await daemon.alice.waitForText(`That was ${mark}.`)
  const got = daemon.alice.received.filter(({ text }) => text.includes(mark) && !text.includes('about'))
  expect(got.map(({ text, media }) => [text, media?.sha256])).toEqual([
    [`Here is ${mark}:`, undefined],
    [`the plan ${mark}`, SHA256],
    [`That was ${mark}.`, undefined],
  ])
}

describe.each<Place>(['alone', 'in a group'])(
  'a file of an answer arrives once, %s, when the daemon is killed',
  (place) => {
    it('while the answer goes on behind it', async () => {
      writeFileSync(join(directory, 'hold'), '')
      const before = stored().length
      const mark = await ask(place)
      await expect.poll(() => stored().length).toBe(before + 1)
      await daemon.kill()
      rmSync(join(directory, 'hold'))
      await daemon.startAgain()
      await expectWhole(mark)
      expect(uploads()).toBe(1)
      // Nothing keeps the copy that no message took.
      expect(stored()).toHaveLength(before + 1)
    })

    it.each([
      ['before it is uploaded', asksForServers],
      ['when its message has left', sendsFile],
      ['when WhatsApp has confirmed it', isConfirmed],
    ])('%s', async (_when, wire) => {
      // A ticket that is over makes it ask for another one.
      daemon.simulator.media.tickets.expire()
      const killed = daemon.killedAt({ wire })
      const mark = await ask(place)
      await killed
      await daemon.startAgain()
      await expectWhole(mark)
      expect(uploads()).toBe(1)
    })

    it('while it is uploaded', async () => {
      daemon.simulator.faults.media.spoilUploads({ kind: 'stalled' }, { times: 1 })
      const mark = await ask(place)
      await expect.poll(uploads).toBe(1)
      await daemon.kill()
      await daemon.startAgain()
      await expectWhole(mark)
      // WhatsApp never told where the first one lies.
      expect(uploads()).toBe(2)
    })

    it('when it is uploaded and its message has not got through', async () => {
      const { faults } = daemon.simulator
      const refused = faults.refuseMessages(500, { matching: isFile })
      const mark = await ask(place)
      await expect.poll(() => refused.hits).toBe(1)
      await daemon.kill()
      refused.clear()
      await daemon.startAgain()
      await expectWhole(mark)
      expect(uploads()).toBe(1)
    })
  },
)
