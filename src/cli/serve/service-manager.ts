import { spawn } from 'node:child_process'
import type { Daemon } from '../../daemon.ts'
import type { Logger } from '../../observability/log/logger.ts'
import { ServiceMessages } from './service-messages.ts'
import { statusForServiceManager } from './status-for-service-manager.ts'
import { withDeadline } from '../../timing/deadline.ts'

/** Sends one datagram to the service manager; Node itself has no Unix datagrams. */
const PROGRAM = 'systemd-notify'
/** Where it is looked for when the service has no PATH. */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** It waits until the manager has read the message, for five seconds at most; see sd_notify_barrier(3). */
const SEND_LIMIT_MS = 10_000
/** How long the end of the process is delayed for a message that is still on its way. */
const LAST_MESSAGE_MS = 1000
/** Of the time after which the service manager ends a silent service, the part between two signs of life. */
const WATCHDOG_PART = 3
/** The longest delay that a timer of Node's takes. */
const MAX_TIMER_MS = 2 ** 31 - 1

export interface ServiceManagerDeps {
  env: NodeJS.ProcessEnv
  logger: Logger
}

/**
 * Tells systemd, or what speaks its protocol (sd_notify(3)), how the daemon is: `READY=1` when the control plane answers,
 * `STATUS=` with the accounts counted by state, `WATCHDOG=1` while the event loop turns, whatever the links do, and
 * `STOPPING=1`. Does nothing without `NOTIFY_SOCKET`. What fails is logged once and has no other effect.
 *
 * Each message is sent by `systemd-notify`, which waits until the manager has read it: the manager finds the service by the
 * sender's process, which has to exist at that moment. A unit needs `NotifyAccess=all`.
 */
export class ServiceManager {
  readonly #socket: string | undefined
  readonly #path: string
  readonly #watchdogMs: number | null
  readonly #logger: Logger
  readonly #messages: ServiceMessages
  #unsubscribe: () => void = () => {}
  #watchdog: NodeJS.Timeout | undefined
  #hasFailed = false

  /** Takes the variables of the protocol out of `env`: programs that this one starts do not inherit them. */
  constructor({ env, logger }: ServiceManagerDeps) {
    this.#socket = env['NOTIFY_SOCKET'] || undefined
    this.#path = env['PATH'] || USUAL_PATH
    this.#watchdogMs = watchdogTime(env)
    this.#logger = logger
    this.#messages = new ServiceMessages((fields) => this.#send(fields))
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
  }

  /** The daemon serves; from now on its accounts are followed. */
  ready(daemon: Pick<Daemon, 'registry' | 'subscribe'>): void {
    if (this.#socket === undefined) return
    const status = (): string => statusForServiceManager(daemon.registry.list())
    this.#messages.set({ READY: '1', STATUS: status() })
    this.#unsubscribe = daemon.subscribe((name) => {
      if (name === 'account.status' || name === 'account.removed') this.#messages.set({ STATUS: status() })
    })
    if (this.#watchdogMs === null) return
    const everyMs = Math.min(Math.max(1, Math.floor(this.#watchdogMs / WATCHDOG_PART)), MAX_TIMER_MS)
    this.#messages.set({ WATCHDOG: '1' })
    this.#watchdog = setInterval(() => this.#messages.set({ WATCHDOG: '1' }), everyMs)
  }

  /** The daemon begins to stop. */
  stopping(): void {
    if (this.#socket === undefined) return
    clearInterval(this.#watchdog)
    this.#unsubscribe()
    this.#messages.set({ STOPPING: '1', STATUS: 'stopping' })
  }

  /** Resolves when the last message was sent, or after a second. */
  async sent(): Promise<void> {
    await withDeadline(this.#messages.sent(), LAST_MESSAGE_MS, () => {})
  }

  async #send(fields: readonly string[]): Promise<void> {
    const failure = await this.#run(fields)
    if (failure === null || this.#hasFailed) return
    this.#hasFailed = true
    this.#logger.warn(
      { problem: failure },
      `the service manager is not told how the daemon is: ${PROGRAM}, of the package systemd, does not succeed`,
    )
  }

  /** Why it did not succeed; `null` when it did. */
  #run(fields: readonly string[]): Promise<string | null> {
    return new Promise((resolve) => {
      const child = spawn(PROGRAM, [...fields], {
        env: { PATH: this.#path, NOTIFY_SOCKET: this.#socket },
        stdio: 'ignore',
        timeout: SEND_LIMIT_MS,
      })
      child.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
      child.once('exit', (code, signal) => resolve(code === 0 ? null : `exit ${code ?? signal}`))
    })
  }
}

/** Of `WatchdogSec=`, milliseconds; `null` where none is set, or where it is meant for another process. */
function watchdogTime(env: NodeJS.ProcessEnv): number | null {
  const { WATCHDOG_USEC: time = '', WATCHDOG_PID: pid } = env
  if (pid !== undefined && pid !== '' && pid !== String(process.pid)) return null
  const microseconds = /^\d{1,18}$/.test(time) ? Number(time) : 0
  return microseconds > 0 ? microseconds / 1000 : null
}
