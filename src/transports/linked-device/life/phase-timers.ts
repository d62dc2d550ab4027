import { TimerSet } from '../../../timing/timer-set.ts'
import type { LinkInput, LinkState } from './link-machine.ts'
import { HEALTHY_AFTER_MS } from './reconnect-policy.ts'

/** From opening the socket to `open`. */
const LOGIN_DEADLINE_MS = 90_000
/** From one frame of WhatsApp's to the next while a login is under way: the network has gone in the middle of it. */
const LOGIN_SILENCE_MS = 20_000
/** From opening the socket to the first QR. */
const FIRST_QR_DEADLINE_MS = 30_000
/** From the phone's yes to the restart that WhatsApp orders. */
const RESTART_DEADLINE_MS = 15_000

/** Shortened by tests; milliseconds. */
export interface PhaseTimings {
  loginDeadlineMs?: number
  loginSilenceMs?: number
  firstQrDeadlineMs?: number
}

export interface PhaseTimersDependencies {
  timings: PhaseTimings
  now: () => number
  dispatch(input: LinkInput): void
  /** The socket has had its time. */
  overdue(): void
}

/** The timers of a link's phases: the next attempt, the time that a socket has, and when an open link counts as healthy. */
export class PhaseTimers {
  readonly #deps: PhaseTimersDependencies
  readonly #timers = new TimerSet<'attempt' | 'deadline' | 'healthy' | 'silence'>()

  constructor(deps: PhaseTimersDependencies) {
    this.#deps = deps
  }

  /** The state changed; `reopened`: another socket opens. */
  follow(before: LinkState, state: LinkState, { reopened }: { reopened: boolean }): void {
    this.#setAttempt(before, state)
    if (reopened || state.phase !== before.phase || state.offered !== before.offered) this.#setPhase(state)
  }

  /** WhatsApp sent something: a login has as long again with each frame, within its deadline. */
  frame(state: LinkState): void {
    const { timings, overdue } = this.#deps
    if (isLogin(state)) this.#timers.set('silence', timings.loginSilenceMs ?? LOGIN_SILENCE_MS, overdue)
  }

  clear(): void {
    this.#timers.clear()
  }

  #setAttempt(before: LinkState, state: LinkState): void {
    const { now, dispatch } = this.#deps
    if (state.attemptAt === before.attemptAt && state.phase === before.phase) return
    this.#timers.cancel('attempt')
    if (state.attemptAt === null) return
    this.#timers.set('attempt', state.attemptAt - now(), () => dispatch({ type: 'attemptDue' }))
  }

  #setPhase(state: LinkState): void {
    const { timings, dispatch, overdue } = this.#deps
    for (const timer of ['deadline', 'healthy', 'silence'] as const) this.#timers.cancel(timer)
    this.frame(state)
    if (state.phase === 'open')
      this.#timers.set('healthy', HEALTHY_AFTER_MS, () => dispatch({ type: 'healthy' }))
    const deadlineMs = openDeadlineMs(state, timings)
    if (deadlineMs !== null) this.#timers.set('deadline', deadlineMs, overdue)
  }
}

function isLogin({ phase, restarted }: LinkState): boolean {
  return phase === 'connecting' || (phase === 'confirming' && restarted)
}

function openDeadlineMs(state: LinkState, timings: PhaseTimings): number | null {
  if (isLogin(state)) return timings.loginDeadlineMs ?? LOGIN_DEADLINE_MS
  if (state.phase === 'confirming') return RESTART_DEADLINE_MS
  if (state.phase === 'linking' && !state.offered) return timings.firstQrDeadlineMs ?? FIRST_QR_DEADLINE_MS
  return null
}
