/**
 * The life of one account's link as a pure state machine: `step(state, input) → {state, effects}`. The supervisor runs
 * the effects; nothing here touches a socket, a clock or a disk.
 */
import type { PasskeyStep } from '../../../protocol/account/passkey.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'
import { type LinkFacts, type LinkRequest, NO_LINK } from '../../link.ts'
import { type CloseAction, closeAction, type CloseInfo } from './close-reasons.ts'
import {
  CONFLICT_RETRIES,
  conflictDelayMs,
  DEFAULT_RECONNECT,
  OUTDATED_RECHECK_MS,
  type ReconnectSettings,
  reconnectDelayMs,
  RESTRICTION_DEFAULT_MS,
} from './reconnect-policy.ts'

/** In `linking` a socket registers a new device; `cautious` yields at the first conflict. */
export interface LinkState extends LinkFacts {
  /** In `confirming`: whether WhatsApp has restarted the stream, so that a socket more can take nothing from the link. */
  restarted: boolean
  conflicts: number
  outdatedRetries: number
  /** The current client version is being looked up; in `waiting`. */
  looksUpVersion: boolean
  /** The present attempt is made with a version that was looked up for it. */
  triesVersion: boolean
}

export type LinkInput =
  /** The account comes up, or is enabled again. `jitterMs`: a link that is there waits a random time before it logs in, at most so long. */
  | {
      type: 'start'
      linked: boolean
      failures: number
      reason: ReasonCode | null
      isCopy: boolean
      jitterMs?: number
    }
  | { type: 'link'; request: LinkRequest }
  | { type: 'cancelLink' }
  /** A QR or a code is on offer. */
  | { type: 'offered' }
  /** WhatsApp demands a passkey, or the ceremony has come a step further. */
  | { type: 'passkey'; step: PasskeyStep }
  | { type: 'paired' }
  /** Open, and a probe was answered. */
  | { type: 'opened' }
  /** Open for five minutes. */
  | { type: 'healthy' }
  | { type: 'closed'; close: CloseInfo }
  /** The phone or the server refuses this way of linking. */
  | { type: 'linkRefused'; reason: ReasonCode }
  | { type: 'attemptDue' }
  /** `found`: there is another client version to try. */
  | { type: 'versionLookedUp'; found: boolean }
  /** A person wants it now, or the machine woke up. */
  | { type: 'reconnect'; reason: ReasonCode | null }
  /** The credentials were erased on a person's demand. */
  | { type: 'erased'; reason: ReasonCode }
  /** No socket any more: paused, stopping, or the disk failed. */
  | { type: 'stop' }

export type LinkEffect =
  | { type: 'openSocket' }
  | { type: 'closeSocket' }
  /** Credentials that WhatsApp refuses go to quarantine; a fresh identity is made at the next link. */
  | { type: 'quarantine'; reason: ReasonCode }
  /** A link that was begun and not finished must not be logged in with. */
  | { type: 'forgetHalfLink' }
  /** The client version was refused: answered with `versionLookedUp`. */
  | { type: 'lookUpVersion' }

export interface StepContext {
  /** Milliseconds since the epoch. */
  now: number
  /** In [0, 1). */
  random: number
  reconnect?: ReconnectSettings
  /** How often a link that is no copy is fetched back from another process. */
  conflictRetries?: number
}

interface Step {
  state: LinkState
  effects: LinkEffect[]
}

export const INITIAL_LINK_STATE: LinkState = {
  ...NO_LINK,
  restarted: false,
  conflicts: 0,
  outdatedRetries: 0,
  looksUpVersion: false,
  triesVersion: false,
}

type Handler<Type extends LinkInput['type']> = (
  state: LinkState,
  input: Extract<LinkInput, { type: Type }>,
  context: StepContext,
) => Step

const stay = (state: LinkState): Step => ({ state, effects: [] })

/** `state` with no attempt planned and nothing on offer. */
const settle = (state: LinkState, change: Partial<LinkState>): LinkState => ({
  ...state,
  offered: false,
  passkey: null,
  attemptAt: null,
  until: null,
  looksUpVersion: false,
  triesVersion: false,
  ...change,
})

const login = (state: LinkState, change: Partial<LinkState> = {}): Step => ({
  state: settle(state, { phase: 'connecting', request: null, ...change }),
  effects: [{ type: 'openSocket' }],
})

/** A login that ends the linking. */
const finishLink = (state: LinkState, change: Partial<LinkState> = {}): Step =>
  login(state, { phase: 'confirming', restarted: true, ...change })

const register = (state: LinkState, request: LinkRequest, change: Partial<LinkState> = {}): Step => ({
  state: settle(state, { phase: 'linking', request, reason: null, ...change }),
  effects: [{ type: 'forgetHalfLink' }, { type: 'openSocket' }],
})

const attempt = (state: LinkState, change: Partial<LinkState> = {}): Step => {
  if (state.linked) return login(state, change)
  return state.request === null ? stay(state) : register(state, state.request, change)
}

const HANDLERS: { [Type in LinkInput['type']]: Handler<Type> } = {
  start: (_state, { linked, failures, reason, isCopy, jitterMs = 0 }, { now, random }) => {
    const fresh = { ...INITIAL_LINK_STATE, linked, failures, reason, cautious: linked && isCopy }
    if (!linked) return stay(fresh)
    // A link that stepped back stays so until a person decides: each login would end the other one.
    if (reason === 'copy_detected') return stay({ ...fresh, phase: 'ended', cautious: true })
    if (jitterMs === 0) return login(fresh, { reason: null })
    const attemptAt = now + Math.round(random * jitterMs)
    return stay({ ...fresh, phase: 'waiting', reason: 'starting', attemptAt })
  },
  link: (state, { request }) => (state.linked ? stay(state) : register(state, request, { failures: 0 })),
  cancelLink: (state) =>
    state.request === null || state.linked
      ? stay(state)
      : {
          state: settle(state, { phase: 'idle', request: null, reason: 'link_cancelled', failures: 0 }),
          effects: [{ type: 'closeSocket' }, { type: 'forgetHalfLink' }],
        },
  offered: (state) => stay(state.phase === 'linking' ? { ...state, offered: true, failures: 0 } : state),
  passkey: (state, { step }) => stay(state.phase === 'linking' ? { ...state, passkey: step } : state),
  paired: (state) =>
    stay(
      settle(state, {
        phase: 'confirming',
        restarted: false,
        linked: true,
        request: null,
        reason: null,
        failures: 0,
        cautious: false,
      }),
    ),
  opened: (state) => stay(settle(state, { phase: 'open', reason: null, wasOpen: true, outdatedRetries: 0 })),
  healthy: (state) =>
    stay(state.phase === 'open' ? { ...state, failures: 0, conflicts: 0, cautious: false } : state),
  closed,
  linkRefused: (state, { reason }) =>
    state.phase !== 'linking'
      ? stay(state)
      : {
          state: settle(state, { phase: 'ended', request: null, reason }),
          effects: [{ type: 'closeSocket' }, { type: 'forgetHalfLink' }],
        },
  attemptDue: (state) =>
    state.phase === 'waiting' || state.phase === 'ended' ? attempt(state) : stay(state),
  versionLookedUp: (state, { found }, { now }) => {
    if (!state.looksUpVersion) return stay(state)
    return found ? attempt(state, { triesVersion: true }) : stay(outdated(state, now))
  },
  reconnect: (state, { reason }) => {
    if (state.phase === 'confirming') return state.restarted ? finishLink(state) : stay(state)
    if (state.phase === 'linking') return stay(state)
    return attempt(state, {
      conflicts: 0,
      outdatedRetries: 0,
      failures: 0,
      // A memory snapshot that runs elsewhere looks like an ordinary sleep. A person knows what they want.
      cautious: reason === 'woke_up',
      reason: reason ?? state.reason,
    })
  },
  erased: (_state, { reason }) => ({
    state: { ...INITIAL_LINK_STATE, reason },
    effects: [{ type: 'closeSocket' }],
  }),
  stop: (state) => ({
    state: settle(state, { phase: 'idle', request: null, wasOpen: false }),
    effects: [{ type: 'closeSocket' }],
  }),
}

/** One step. Same arguments, same answer. */
export function step(state: LinkState, input: LinkInput, context: StepContext): Step {
  // The table's row for `input.type` takes exactly that input; TypeScript cannot correlate the two by itself.
  const handler = HANDLERS[input.type] as Handler<LinkInput['type']>
  return handler(state, input, context)
}

function closed(state: LinkState, { close }: { close: CloseInfo }, context: StepContext): Step {
  if (state.phase === 'idle' || state.phase === 'ended' || state.phase === 'waiting') return stay(state)
  const action = actionFor(state, close)
  // A signature is for one connection, and nobody is there to give the next one.
  if (state.passkey !== null && ENDS_OF_CEREMONY.has(action.kind)) {
    return {
      state: settle(state, { phase: 'ended', request: null, reason: 'passkey_interrupted' }),
      effects: [{ type: 'forgetHalfLink' }],
    }
  }
  const failures = state.failures + 1
  const waitFor = (delayMs: number, change: Partial<LinkState>): Step =>
    stay(settle(state, { phase: 'waiting', attemptAt: context.now + delayMs, ...change }))
  const end = (reason: ReasonCode, attemptAt: number | null = null, until: number | null = null): Step =>
    stay(settle(state, { phase: 'ended', request: null, reason, attemptAt, until }))
  switch (action.kind) {
    case 'restart':
      return state.phase === 'confirming' ? finishLink(state) : attempt(state)
    case 'retry':
      if (state.phase === 'confirming' && failures === 1) return finishLink(state, { failures })
      return waitFor(
        Math.max(action.atLeastMs, reconnectDelayMs(failures, context.random, settings(context))),
        {
          failures,
          reason: action.reason,
        },
      )
    case 'linkExpired':
      return stay(settle(state, { phase: 'idle', request: null, reason: 'link_expired' }))
    case 'loggedOut':
      return loggedOut(state, action.reason, failures, waitFor, context)
    case 'conflict':
      if (state.cautious) return end('copy_detected')
      if (state.conflicts >= (context.conflictRetries ?? CONFLICT_RETRIES)) return end('connection_replaced')
      return waitFor(conflictDelayMs(context.random, settings(context)), {
        conflicts: state.conflicts + 1,
        reason: 'connection_replaced',
      })
    case 'wait': {
      const until = action.until ?? context.now + RESTRICTION_DEFAULT_MS
      return end(action.reason, until, action.until)
    }
    case 'outdated':
      if (state.outdatedRetries === 0) {
        return waitFor(reconnectDelayMs(1, context.random, settings(context)), {
          outdatedRetries: 1,
          reason: 'client_outdated',
        })
      }
      if (state.triesVersion) return stay(outdated(state, context.now))
      return {
        state: settle(state, { phase: 'waiting', reason: 'client_outdated', looksUpVersion: true }),
        effects: [{ type: 'lookUpVersion' }],
      }
    case 'phoneOutdated':
      return end('phone_outdated')
    case 'stop':
      return end(action.reason, action.recheckMs === null ? null : context.now + action.recheckMs)
  }
}

/** Nothing that is known helps: it is tried again in some hours. */
function outdated(state: LinkState, now: number): LinkState {
  const change = { request: null, reason: 'client_outdated', attemptAt: now + OUTDATED_RECHECK_MS } as const
  return settle(state, { phase: 'ended', ...change })
}

/** What ends only an attempt to link: a linked device that hears of it has lost its connection. */
const ENDS_OF_LINKING: ReadonlySet<CloseAction['kind']> = new Set(['linkExpired', 'phoneOutdated'])

/** Ends that would begin a link anew, or say nothing about the passkey; others have a reason of their own. */
const ENDS_OF_CEREMONY: ReadonlySet<CloseAction['kind']> = new Set([
  'restart',
  'retry',
  'linkExpired',
  'loggedOut',
])

function actionFor(state: LinkState, close: CloseInfo): CloseAction {
  const action = closeAction(close)
  if (!state.linked || !ENDS_OF_LINKING.has(action.kind)) return action
  return { kind: 'retry', reason: 'connection_lost', atLeastMs: 0 }
}

/** 401: terminal for a real link; a half-finished pairing code is forgotten and the link tried afresh. */
function loggedOut(
  state: LinkState,
  reason: ReasonCode,
  failures: number,
  waitFor: (delayMs: number, change: Partial<LinkState>) => Step,
  context: StepContext,
): Step {
  if (state.linked) {
    return {
      state: settle(state, { phase: 'ended', linked: false, request: null, reason, wasOpen: false }),
      effects: [{ type: 'quarantine', reason }],
    }
  }
  const step = waitFor(reconnectDelayMs(failures, context.random, settings(context)), {
    failures,
    reason: 'link_failed',
  })
  return { ...step, effects: [{ type: 'forgetHalfLink' }] }
}

const settings = (context: StepContext): ReconnectSettings => context.reconnect ?? DEFAULT_RECONNECT
