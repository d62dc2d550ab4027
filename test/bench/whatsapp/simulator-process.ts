/** WhatsApp and its phones in a process of their own: they share no core, heap or event loop with what is measured. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { SimulatedPhone } from '../../../src/simulator/phones/phone.ts'
import { Simulator } from '../../../src/simulator/simulator.ts'
import { Arrivals } from './arrivals.ts'
import { CONTACT, OWNER } from './cast.ts'
import { Crowd } from './crowd.ts'
import { Endurers } from './endurers.ts'
import type {
  Burst,
  Conversation,
  SimulatorAnswer,
  SimulatorRequest,
  SimulatorRequestName,
  SimulatorRequests,
} from './simulator-requests.ts'

const REPLY_TIMEOUT_MS = 10_000
/** A burst is over when nothing new has come for this long. */
const QUIET_MS = 15_000
/** What a phone asked for again may still come after the last first arrival. */
const RESEND_MS = 3_000
const POLL_MS = 20

// libsignal tells the console about every message that a phone cannot read, sessions included.
for (const method of ['log', 'info', 'warn', 'error'] as const) console[method] = () => undefined

// Plain Baileys, which the daemon is measured against, writes to nobody who has a device without keys.
const simulator = new Simulator({ hasUnkeyedDevices: false })
const frames = { fromBots: 0, toBots: 0 }
simulator.onTrace(({ direction }) => {
  if (direction === 'in') frames.fromBots += 1
  else frames.toBots += 1
})
let serial = 0
let endurers: Endurers | null = null
let crowd: Crowd | null = null

type Handlers = {
  [Name in SimulatorRequestName]: (
    params: SimulatorRequests[Name]['params'],
  ) => Promise<SimulatorRequests[Name]['result']>
}

const handlers: Handlers = {
  start: async ({ contacts }) => {
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    for (const phoneNumber of contacts) simulator.createPhone({ phoneNumber, name: 'Contact' })
    return { webSocketUrl: simulator.webSocketUrl, noiseRootKey: simulator.noiseRootKey }
  },
  addPhones: async ({ numbers }) => {
    for (const phoneNumber of numbers) simulator.createPhone({ phoneNumber, name: 'Further' })
    return null
  },
  scan: async ({ qr, phoneNumber = OWNER }) => {
    await phone(phoneNumber).scan(qr)
    return null
  },
  sendDocument: ({ bytes, timeoutMs }) => sendDocument(phone(CONTACT), bytes, timeoutMs),
  countFrames: async () => ({ ...frames }),
  converse: ({ messages }) => converse(phone(CONTACT), messages),
  burst: ({ messages }) => burst(phone(CONTACT), messages),
  endure: (stage) => {
    endurers ??= new Endurers(
      simulator,
      phone(OWNER),
      simulator.phones.filter(({ phoneNumber }) => phoneNumber !== OWNER),
    )
    return endurers.stage(stage)
  },
  ask: ({ owners }) => everybody().ask(owners),
  outage: ({ owners, forMs }) => everybody().outage(owners, forMs),
  send: async ({ text }) => {
    await phone(CONTACT).sendText(OWNER, text)
    return null
  },
  countReplies: async ({ text }) => phone(CONTACT).received.filter((message) => message.text === text).length,
}

function everybody(): Crowd {
  crowd ??= new Crowd(simulator, phone(CONTACT))
  return crowd
}

async function converse(contact: SimulatedPhone, messages: number): Promise<Conversation> {
  const roundTripsMs: number[] = []
  let unanswered = 0
  for (let sent = 0; sent < messages; sent++) {
    const text = nextText()
    const sentAtMs = performance.now()
    const reply = contact.waitForText(text, REPLY_TIMEOUT_MS)
    await contact.sendText(OWNER, text)
    try {
      await reply
      roundTripsMs.push(performance.now() - sentAtMs)
    } catch {
      unanswered++
    }
  }
  return { roundTripsMs, unanswered }
}

/** Its bytes are random: nothing on the way can make them fewer. */
async function sendDocument(
  contact: SimulatedPhone,
  bytes: number,
  timeoutMs: number,
): Promise<{ tookMs: number }> {
  const data = randomBytes(bytes)
  const sentAtMs = performance.now()
  const reply = contact.waitForText(({ text }) => text.includes(String(bytes)), timeoutMs)
  await contact.sendMedia(OWNER, { kind: 'document', data, name: `file-${bytes}.bin` })
  await reply
  return { tookMs: performance.now() - sentAtMs }
}

async function burst(contact: SimulatedPhone, messages: number): Promise<Burst> {
  const arrivals = new Arrivals(contact)
  const texts = Array.from({ length: messages }, nextText)
  const cpuBefore = process.cpuUsage()
  const sentAtMs = performance.now()
  for (const text of texts) await contact.sendText(OWNER, text)
  while (arrivals.count < messages && performance.now() - arrivals.lastAtMs < QUIET_MS) await delay(POLL_MS)
  const { user, system } = process.cpuUsage(cpuBefore)
  const tookMs = performance.now() - sentAtMs
  await delay(RESEND_MS)
  return {
    messages,
    arrived: arrivals.count,
    undecryptable: arrivals.undecryptable,
    unreadable: texts.filter((text) => !arrivals.isReadable(text)).length,
    firstReplySeconds: (arrivals.firstAtMs - sentAtMs) / 1000,
    seconds: (arrivals.lastAtMs - sentAtMs) / 1000,
    lastArrivalAt: performance.timeOrigin + arrivals.lastAtMs,
    simulatorLoad: (user + system) / 1000 / tookMs,
  }
}

/** Different each time, so that every reply names its message; the length of an ordinary one. */
function nextText(): string {
  return `message ${++serial}: could you tell me when the library opens tomorrow?`
}

function phone(phoneNumber: string): SimulatedPhone {
  const found = simulator.phone(phoneNumber)
  if (found === undefined) throw new Error(`nobody has ${phoneNumber}`)
  return found
}

async function answer(request: SimulatorRequest): Promise<SimulatorAnswer> {
  try {
    // One entry of the table: the name picks the handler that takes these parameters.
    const handler = handlers[request.name] as (params: unknown) => Promise<unknown>
    return { id: request.id, result: await handler(request.params) }
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (request) => {
  // Only the benchmark writes to this channel.
  void answer(request as SimulatorRequest).then((answered) => process.send?.(answered))
})
process.once('disconnect', () => process.exit())
