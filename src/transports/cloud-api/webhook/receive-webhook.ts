import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WebhookAnswer, WebhookRequest } from '../../../messaging/webhook-receiver.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessUpdate } from './business-update.ts'
import { type Envelope, readEnvelope } from './read-envelope.ts'
import type { NumberClaim, NumberReceiver, WebhookNumbers } from './webhook-numbers.ts'
import { SignatureCheck } from './webhook-signature.ts'

export const NO_NUMBER: WebhookAnswer = {
  status: 503,
  reason: 'The account has no access token or no number yet.',
}
export const NOT_SIGNED_SO = 'The signature is not the one of the app secret (cloudApi.appSecret).'
const NOT_ITS_SECRET =
  'An update for this number came by the address of another account, and is not proven by a secret of this one (cloudApi.appSecret).'
export const TOO_MUCH = 'Too much comes at once.'
export const CLOSED: WebhookAnswer = {
  status: 503,
  reason: 'An account that it is for is not open, or its number is not known yet.',
}
const TAKEN: WebhookAnswer = { status: 200 }
/** Of several answers that which has the sender post again. */
const WEIGHT: Readonly<Record<WebhookAnswer['status'], number>> = {
  200: 0,
  401: 1,
  403: 2,
  413: 3,
  503: 4,
  500: 5,
}

interface Posted {
  /** The account whose address it came by. */
  account: string
  request: WebhookRequest
  check: SignatureCheck
  open: readonly NumberReceiver[]
  /** What accounts have whose files are closed. */
  closed: () => readonly NumberClaim[]
}

/** What each account gets; `answer`: of what nobody can take now. */
interface Shares {
  of: Map<NumberReceiver, BusinessUpdate[]>
  answer: WebhookAnswer
}

/**
 * Takes in what came by the address of one account: each number's updates go to the account here that has it, where a secret of that account
 * proves them, too, and those of a Business account to every account of it. 200 once all of it is on disk; what an account cannot take now has
 * to come again, and what the others have stored means nothing then. Rejects never.
 */
export async function receiveWebhook(
  account: string,
  request: WebhookRequest,
  numbers: WebhookNumbers,
): Promise<WebhookAnswer> {
  const open = numbers.open(account)
  const posted = {
    account,
    request,
    open,
    check: new SignatureCheck(request.body),
    closed: once(() => numbers.closed()),
  }
  const refusal = judgeHead(account, request, open) ?? (await judgeSender(posted))
  if (refusal !== null) return refusal
  const own = open.find((each) => each.account === account)
  own?.accepted(account)
  // A long body has cost its share of this turn.
  await nextTurn()
  const body = parsed(request.body)
  await nextTurn()
  const envelope = readEnvelope(body, (id, business) => isHere(id, business, posted))
  own?.foreign(envelope.foreign)
  own?.unsupported(envelope.leftOut)
  const shares = await shareOut(envelope, posted)
  let { answer } = shares
  for (const [receiver, updates] of shares.of) {
    if (receiver !== own) receiver.accepted(account)
    answer = heavier(answer, await receiver.keep(updates))
  }
  return answer
}

/** As `WebhookReceiver.refusal`, with nothing counted: `null` where the account itself, or another one here, may take it. */
export function judgeHead(
  account: string,
  head: Omit<WebhookRequest, 'body'>,
  open: readonly NumberReceiver[],
): WebhookAnswer | null {
  const own = open.find((each) => each.account === account)
  const refusal = own === undefined ? CLOSED : own.judge(head)
  if (refusal?.status !== 503) return refusal
  const isTaken = open.some((each) => each !== own && each.judge(head) === null)
  return isTaken ? null : refusal
}

/** Who has a number proves by its own secrets alone; while it cannot, any account here may. */
async function judgeSender({ account, request, check, open }: Posted): Promise<WebhookAnswer | null> {
  const refusal = { status: 401, reason: NOT_SIGNED_SO } as const
  const own = open.find((each) => each.account === account)
  if (own !== undefined && own.judge(request) === null) {
    if (own.proves(request, check)) return null
    own.refused(NOT_SIGNED_SO)
    return refusal
  }
  for (const each of open) {
    if (each.judge(request) === null && each.proves(request, check)) return null
    await nextTurn()
  }
  return refusal
}

/** Whether an account here has this number, or may have it. */
function isHere(phoneNumberId: string, business: string, { open, closed }: Posted): boolean {
  const mayBe = (claim: NumberClaim | null): boolean => {
    if (claim === null) return false
    if (claim.phoneNumberId !== null) return claim.phoneNumberId === phoneNumberId
    return claim.businessAccountId === null || claim.businessAccountId === business
  }
  return open.some(({ claim }) => mayBe(claim)) || closed().some(mayBe)
}

async function shareOut({ ofNumbers, notices }: Envelope, posted: Posted): Promise<Shares> {
  const { open, closed, account } = posted
  const shares: Shares = { of: new Map(), answer: TAKEN }
  for (const [id, updates] of ofNumbers) {
    const receiver = open.find(({ claim }) => claim?.phoneNumberId === id)
    if (receiver === undefined) shares.answer = heavier(shares.answer, CLOSED)
    else await give(receiver, updates, { posted, shares })
  }
  for (const notice of notices) {
    const business = businessOf(notice)
    const isItsOwn = ({ claim }: NumberReceiver): boolean => claim?.businessAccountId === business
    const named = open.filter(isItsOwn)
    const isClosed = closed().some((claim) => claim.businessAccountId === business)
    if (isClosed) shares.answer = heavier(shares.answer, CLOSED)
    // An account whose address it came by takes what is about nobody here: its own is not known, or it is a partner's.
    const byAddress = open.filter(
      (each) => each.account === account && each.claim !== null && named.length === 0 && !isClosed,
    )
    for (const receiver of [...named, ...byAddress]) await give(receiver, [notice], { posted, shares })
  }
  return shares
}

/** To an account that the sender is proven for. What it has already, as from its own app, needs no second proof. */
async function give(
  receiver: NumberReceiver,
  updates: readonly BusinessUpdate[],
  { posted: { request, check }, shares }: { posted: Posted; shares: Shares },
): Promise<void> {
  const refusal = receiver.judge(request)
  if (refusal?.status === 503) {
    shares.answer = heavier(shares.answer, refusal)
    return
  }
  if (!receiver.proves(request, check)) {
    await nextTurn()
    shares.answer = heavier(shares.answer, judgeUnproven(receiver, updates))
    return
  }
  const share = shares.of.get(receiver)
  if (share === undefined) shares.of.set(receiver, [...updates])
  else for (const update of updates) share.push(update)
}

function judgeUnproven(receiver: NumberReceiver, updates: readonly BusinessUpdate[]): WebhookAnswer {
  try {
    // What only follows a message, such as that it was read, comes with its own app's proof, too, and is not kept by name.
    if (receiver.has(updates.filter(({ kind }) => kind !== 'status' && kind !== 'handover'))) return TAKEN
  } catch {
    return CLOSED
  }
  receiver.refused(NOT_ITS_SECRET)
  return { status: 401, reason: NOT_ITS_SECRET }
}

/** The Business account that a notice is about: news of partners have it inside, and that of the partner around it. */
function businessOf(notice: Envelope['notices'][number]): string {
  const info = isRecord(notice.value) ? notice.value['waba_info'] : undefined
  return isRecord(info) && typeof info['waba_id'] === 'string' ? info['waba_id'] : notice.business
}

function heavier(one: WebhookAnswer, other: WebhookAnswer): WebhookAnswer {
  return WEIGHT[other.status] > WEIGHT[one.status] ? other : one
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

/** `null` for what is no JSON: to have it again would change nothing. */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
