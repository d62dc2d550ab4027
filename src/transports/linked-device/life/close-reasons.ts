import { ProxyError } from '../../../network/proxy-error.ts'
import type { ReasonCode } from '../../../protocol/reasons.ts'

/** Ends a socket for a reason of ours: a deadline of the supervisor, or what a hook of the socket found. */
export class EndedByUs extends Error {
  readonly reason: ReasonCode

  /** `detail` is for the log. */
  constructor(reason: ReasonCode, detail?: string) {
    super(detail === undefined ? reason : `${reason}: ${detail}`)
    this.name = 'EndedByUs'
    this.reason = reason
  }
}

/** What a socket's end tells, taken apart once: Boom, Error, number or nothing at all. */
export interface CloseInfo {
  /** Baileys' `DisconnectReason` or WhatsApp's failure code; `null` when there is none. */
  statusCode: number | null
  message: string
  /** A restriction's end, milliseconds since the epoch. */
  until: number | null
  /** Why we ended it ourselves, or never reached WhatsApp; `null` where neither is so. */
  endedFor: ReasonCode | null
  /** The WebSocket failed, whatever number a proxy gave for it: it says nothing about the link. */
  isWebSocketError: boolean
  /** WhatsApp ended the stream because of another client. */
  isConflict: boolean
}

/** What to do about a closed socket. `retry` is never terminal. */
export type CloseAction =
  /** WhatsApp asks for a restart: connect again at once, no failure. */
  | { kind: 'restart' }
  | { kind: 'retry'; reason: ReasonCode; atLeastMs: number }
  /** All QRs of the attempt expired. */
  | { kind: 'linkExpired' }
  /** The phone removed us or WhatsApp refuses the credentials. */
  | { kind: 'loggedOut'; reason: ReasonCode }
  | { kind: 'conflict' }
  /** Wait until `until`, then try again. */
  | { kind: 'wait'; reason: ReasonCode; until: number | null }
  | { kind: 'outdated' }
  /** The phone's WhatsApp knows no linked devices. */
  | { kind: 'phoneOutdated' }
  /** A person must act. `recheckMs` tries again quietly after that long. */
  | { kind: 'stop'; reason: ReasonCode; recheckMs: number | null }

const FIVE_MINUTES_MS = 5 * 60_000

type Rule = (close: CloseInfo) => CloseAction

const retry =
  (reason: ReasonCode, atLeastMs = 0): Rule =>
  () => ({ kind: 'retry', reason, atLeastMs })

const stop =
  (reason: ReasonCode, recheckMs: number | null = null): Rule =>
  () => ({ kind: 'stop', reason, recheckMs })

const REJECTED: CloseAction = { kind: 'stop', reason: 'client_rejected', recheckMs: null }

/** Baileys' words where it has no more QRs; it gives nothing else with them. */
const QR_EXPIRED = 'QR refs attempts ended'
/** Baileys' words for `<ib><downgrade_webclient/></ib>`; as above. */
const PHONE_TOO_OLD = 'Multi-device beta not joined'

/**
 * Every close code that Baileys and WhatsApp's server produce, and what it means. Sources: Baileys 7.0.0-rc14
 * `Types/index.js` (DisconnectReason), whatsmeow `types/events` (failure reasons).
 */
const RULES: Readonly<Record<number, Rule>> = {
  400: (close) =>
    // Nothing but its text tells a refused certificate from another bad request (Baileys `noise-handler.js`).
    /certificat/i.test(close.message)
      ? { kind: 'stop', reason: 'certificate_invalid', recheckMs: FIVE_MINUTES_MS }
      : { kind: 'retry', reason: 'server_error', atLeastMs: FIVE_MINUTES_MS },
  401: (close) => ({
    kind: 'loggedOut',
    reason: close.isConflict ? 'device_removed' : 'logged_out',
  }),
  402: (close) => ({ kind: 'wait', reason: 'temporarily_banned', until: close.until }),
  403: stop('account_locked'),
  405: () => ({ kind: 'outdated' }),
  406: stop('account_banned'),
  408: (close) =>
    close.message === QR_EXPIRED
      ? { kind: 'linkExpired' }
      : { kind: 'retry', reason: 'connection_lost', atLeastMs: 0 },
  409: () => REJECTED,
  411: (close) => (close.message === PHONE_TOO_OLD ? { kind: 'phoneOutdated' } : REJECTED),
  418: () => REJECTED,
  419: stop('account_locked'),
  428: retry('connection_lost'),
  440: () => ({ kind: 'conflict' }),
  500: retry('server_error'),
  503: retry('server_error'),
  515: () => ({ kind: 'restart' }),
  516: retry('server_error'),
}

/** The row of the table for `close`. Credentials are given up on `loggedOut` only, and never on a WebSocket error. */
export function closeAction(close: CloseInfo): CloseAction {
  const { endedFor } = close
  if (endedFor === 'clock_wrong') return { kind: 'stop', reason: endedFor, recheckMs: FIVE_MINUTES_MS }
  if (endedFor === 'link_expired') return { kind: 'linkExpired' }
  if (endedFor !== null) return { kind: 'retry', reason: endedFor, atLeastMs: 0 }
  if (close.isWebSocketError) return { kind: 'retry', reason: 'network_error', atLeastMs: 0 }
  const rule = close.statusCode === null ? undefined : RULES[close.statusCode]
  if (rule !== undefined) return rule(close)
  const isServer = close.statusCode !== null && close.statusCode >= 500 && close.statusCode < 600
  return { kind: 'retry', reason: isServer ? 'server_error' : 'connection_lost', atLeastMs: 0 }
}

/** Takes `lastDisconnect.error` apart; `nowMs` turns a restriction's length into its end. */
export function readClose(error: unknown, nowMs: number): CloseInfo {
  const none = { message: '', until: null, endedFor: null, isWebSocketError: false, isConflict: false }
  if (typeof error === 'number') return { ...none, statusCode: error }
  if (!(error instanceof Error)) return { ...none, statusCode: null }
  const { output, data } = error as {
    output?: { statusCode?: unknown }
    data?: Error | { expire?: unknown; tag?: unknown } | null
  }
  const isWebSocketError = data instanceof Error
  const { expire, tag }: { expire?: unknown; tag?: unknown } = isWebSocketError ? {} : (data ?? {})
  const seconds = Number(expire)
  return {
    statusCode: typeof output?.statusCode === 'number' ? output.statusCode : null,
    message: error.message,
    until: Number.isFinite(seconds) && seconds > 0 ? nowMs + seconds * 1000 : null,
    endedFor: error instanceof EndedByUs ? error.reason : data instanceof ProxyError ? 'proxy_failed' : null,
    // Baileys gives the error of the WebSocket, or the stanza that ended the stream, with its own.
    isWebSocketError,
    isConflict: tag === 'conflict',
  }
}
