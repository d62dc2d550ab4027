import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { RecordedMessage } from '../phones/records.ts'
import type { Simulator } from '../simulator.ts'
import { accountFault, clearAccountFaults, strikeAccount } from './account-faults.ts'
import { body, FaceError, phoneOf } from './face-request.ts'
import { cardView, mediaView } from './content-view.ts'
import { pollVotes, type PollVotes } from './poll-votes.ts'
import { clearMediaFaults, isMediaFault, mediaFault, strikeMedia } from './media-fault-requests.ts'
import { httpFace } from './http-face.ts'

const MAX_WAIT_SECONDS = 60

const inbox = z.object({
  // A plus that is not encoded arrives as a blank.
  with: z.string().trim().optional(),
  after: z.string().optional(),
  waitSeconds: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(0),
})
const reading = z.object({ id: z.string() })

const account = z.string().optional()
const times = z.number().int().min(1).optional()
const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop'), account }),
  z.strictObject({ kind: z.literal('silence'), account }),
  z.strictObject({ kind: z.literal('halfOpen'), account }),
  z.strictObject({ kind: z.literal('replaced'), account }),
  z.strictObject({ kind: z.literal('restart'), account }),
  z.strictObject({ kind: z.literal('refuseMessages'), error: z.number().int(), account, times }),
  z.strictObject({ kind: z.literal('loseAcks'), delivers: z.boolean().default(true), account, times }),
  z.strictObject({
    kind: z.literal('refuseLogin'),
    reason: z.number().int(),
    expireSeconds: z.number().int().min(0).optional(),
    account,
    times,
  }),
  z.strictObject({ kind: z.literal('refuseUpgrade'), status: z.number().int().min(400).max(599), times }),
  z.strictObject({ kind: z.literal('refuseLink'), reason: z.number().int(), times }),
  z.strictObject({
    kind: z.literal('demandPasskey'),
    withoutOptions: z.boolean().optional(),
    twice: z.boolean().optional(),
    beforeFinish: z.boolean().optional(),
    challengeLifetimeMs: z.number().int().min(0).optional(),
    silent: z.boolean().optional(),
    codesDiffer: z.boolean().optional(),
    primaryKeyBytes: z.number().int().min(0).max(64).optional(),
    from: z.string().max(100).optional(),
    closesAt: z.enum(['demand', 'options', 'ref', 'prologue', 'continuation', 'nonce', 'pairing']).optional(),
    account,
    times,
  }),
  z.strictObject({
    kind: z.literal('refuseQuery'),
    element: z.string().min(1).max(100),
    code: z.number().int().min(400).max(599),
    account,
    times,
  }),
  z.strictObject({ kind: z.literal('minimumRevision'), revision: z.number().int().min(0) }),
  z.strictObject({ kind: z.literal('latency'), milliseconds: z.number().min(0).max(60_000) }),
])
type Fault = z.infer<typeof fault>

/**
 * The simulated phones for programs: what the page can do (`httpFace`), what arrived at a phone, read receipts, and faults.
 * For routes that ask for a token.
 */
export function simulatorApi(simulator: Simulator): Hono {
  const api = httpFace(simulator)
  api.get('/phones/:number/messages', async (context) => {
    const query = inbox.safeParse(context.req.query())
    if (!query.success) throw new FaceError(400, z.prettifyError(query.error))
    const phone = phoneIn(context, simulator)
    await arrival(phone, query.data)
    const votes = pollVotes(phone)
    return context.json({
      messages: arrived(phone, query.data).map((message) => shown(phone, message, votes)),
    })
  })
  api.post('/phones/:number/read', async (context) => {
    const { id } = await body(context, reading)
    const phone = phoneIn(context, simulator)
    const message = phone.received.find((each) => each.id === id)
    if (message === undefined) throw new FaceError(404, `this phone has received no message ${id}`)
    await phone.markRead(message)
    return context.body(null, 204)
  })
  api.post('/faults', async (context) => {
    const wanted = await body(context, z.union([fault, accountFault, mediaFault]))
    return context.json({
      connections: isMediaFault(wanted) ? strikeMedia(simulator, wanted) : strike(simulator, wanted),
    })
  })
  api.delete('/faults', (context) => {
    simulator.faults.clear()
    clearAccountFaults(simulator)
    clearMediaFaults(simulator)
    return context.body(null, 204)
  })
  return api
}

const phoneIn = (context: Context, simulator: Simulator): SimulatedPhone =>
  phoneOf(simulator, context.req.param('number') ?? '')

type Inbox = z.infer<typeof inbox>

/** What the phone received from others in a chat, after a message that it received before; all of it without one. */
function arrived(phone: SimulatedPhone, { with: chat, after }: Inbox): RecordedMessage[] {
  const known = phone.received.find(({ id }) => id === after)
  if (after !== undefined && known === undefined)
    throw new FaceError(404, `this phone has received no message ${after}`)
  return phone.received.filter(
    (message) =>
      message.from !== phone.phoneNumber &&
      (chat === undefined || message.chat === chat || message.chat === `+${chat}`) &&
      (known === undefined || message.order > known.order),
  )
}

/** Resolves when there is something to answer with, or the time to wait for it is over. */
async function arrival(phone: SimulatedPhone, query: Inbox): Promise<void> {
  if (query.waitSeconds === 0 || arrived(phone, query).length > 0) return
  await phone
    .waitForText((message) => arrived(phone, query).includes(message), query.waitSeconds * 1_000)
    .catch(() => undefined)
}

function shown(phone: SimulatedPhone, message: RecordedMessage, votes: PollVotes) {
  const { id, from, chat, text, quote, reaction, edit, revoke, at } = message
  return {
    id,
    from,
    chat,
    text,
    media: mediaView(phone, message.media),
    card: cardView(message.card, { votes: votes.get(id), phoneNumber: phone.phoneNumber }),
    vote: message.vote ?? null,
    quote: quote ?? null,
    reaction: reaction ?? null,
    edit: edit ?? null,
    revoke: revoke === undefined ? null : { id: revoke.id },
    at: new Date(at).toISOString(),
  }
}

/** How many connections it acts on now; 0 for what acts on later ones. */
function strike(simulator: Simulator, wanted: Fault | z.infer<typeof accountFault>): number {
  const { faults } = simulator
  switch (wanted.kind) {
    case 'lidMigration':
    case 'firstContact':
    case 'lockReachout':
    case 'renewLid':
      strikeAccount(simulator, wanted)
      return 0
    case 'drop':
      return faults.reset(scope(wanted))
    case 'silence':
      return faults.silence(scope(wanted))
    case 'halfOpen':
      return faults.halfOpen(scope(wanted))
    case 'replaced':
      return faults.streamError({ child: { tag: 'conflict', type: 'replaced' } }, scope(wanted))
    case 'restart':
      return faults.streamError({ code: 515 }, scope(wanted))
    case 'refuseMessages':
      faults.refuseMessages(wanted.error, scope(wanted))
      return 0
    case 'loseAcks':
      faults.loseAcks(wanted.delivers ? 'deliver' : 'swallow', scope(wanted))
      return 0
    case 'refuseLogin':
      faults.failLogin(
        {
          reason: wanted.reason,
          ...(wanted.expireSeconds === undefined ? {} : { expireSeconds: wanted.expireSeconds }),
        },
        scope(wanted),
      )
      return 0
    case 'refuseUpgrade':
      faults.refuseUpgrade(wanted.status, scope(wanted))
      return 0
    case 'refuseLink':
      faults.failRegistration({ reason: wanted.reason }, scope(wanted))
      return 0
    case 'demandPasskey':
      faults.demandPasskey(wanted)
      return 0
    case 'refuseQuery':
      faults.answerWithError(
        { element: wanted.element, ...scope(wanted) },
        { code: wanted.code, text: 'refused' },
      )
      return 0
    case 'minimumRevision':
      faults.minimumRevision = wanted.revision
      return 0
    case 'latency':
      faults.latencyMs = wanted.milliseconds
      return 0
  }
}

function scope(wanted: { account?: string | undefined; times?: number | undefined }): {
  account?: string
  times?: number
} {
  return {
    ...(wanted.account === undefined ? {} : { account: wanted.account }),
    ...(wanted.times === undefined ? {} : { times: wanted.times }),
  }
}
