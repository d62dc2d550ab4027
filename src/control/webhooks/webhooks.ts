import type { Config } from '../../config/model.ts'
import type { SecretReader } from '../../config/secrets/secret-reader.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { WebhookView } from '../../protocol/webhook-view.ts'
import type { OutboundNetwork } from '../../network/outbound-network.ts'
import { SCOPES } from '../../protocol/tokens/scopes.ts'
import type { Database } from '../../storage/database/database.ts'
import { ScheduledWork } from '../../timing/scheduled-work.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { EventFollower, SqliteEventStore } from '../events/event-store.ts'
import type { ListenAddress } from '../http/listen.ts'
import type { StoredEvent } from '../events/stored-event.ts'
import type { WebhooksPort } from '../ports.ts'
import { DroppedEvents } from './dropped-events.ts'
import { type Endpoint, endpointsOf } from './endpoint.ts'
import { EndpointRunner, type EndpointRunnerDeps, MAX_AGE_MS } from './endpoint-runner.ts'
import { sentence } from '../../text/sentence.ts'
import { WebhookQueue } from './webhook-queue.ts'
import { refuseDestination } from './refuse-destination.ts'
import { EventTexts, type EventTextsDeps } from './event-texts.ts'
import { traceparentFor, type TraceparentOf } from './traceparent-of.ts'
import { webhookView } from './webhook-view.ts'

/** Who is only woken needs no texts read. */
const WITHOUT_TEXTS = SCOPES.filter((scope) => scope !== 'conversations')
/** Dead letters are kept for a month. */
const DEAD_MS = 2_592_000_000
const SWEEP_EVERY_MS = 3_600_000
/** After the age at which a delivery has its last try. */
const LATE_MS = 28_800_000

export interface WebhooksDeps
  extends
    Pick<EndpointRunnerDeps, 'version' | 'logger' | 'timeoutMs' | 'retryWaitsMs' | 'firstPauseMs'>,
    Partial<Pick<EndpointRunnerDeps, 'now' | 'random'>> {
  /** The same object while it is the same config. */
  config: () => Config
  /** Where the events are stored. */
  store: Pick<SqliteEventStore, 'use'>
  secrets: Pick<SecretReader, 'read'>
  events: Pick<EventHub, 'publish' | 'add' | 'filled'>
  accounts: EventTextsDeps['accounts']
  /** Absent where nothing is traced. */
  traceparentOf?: TraceparentOf | undefined
  network: Pick<OutboundNetwork, 'guarded'>
  /** Where the control plane listens. */
  ownAddress: () => ListenAddress
}

/** Posts events to the endpoints that the config names; follows the config. */
export class Webhooks implements WebhooksPort, EventFollower {
  readonly #deps: WebhooksDeps
  readonly #queue: WebhookQueue
  readonly #dropped: DroppedEvents
  readonly #runnerDeps: EndpointRunnerDeps
  readonly #work = new ScheduledWork(() => this.#wakeAll())
  #endpoints: { config: Config; found: readonly Endpoint[] } | null = null
  #runners = new Map<string, EndpointRunner>()
  /** Those that left the config and are still ending. */
  readonly #leaving = new Set<Promise<void>>()
  #sweepTimer: NodeJS.Timeout | undefined
  #isRunning = false

  constructor(deps: WebhooksDeps) {
    this.#deps = deps
    const { now = () => new Date() } = deps
    this.#queue = new WebhookQueue({
      use: (work) => deps.store.use(work),
      endpoints: () => this.#current(),
      dropped: () => this.#dropped.noted(),
      now: () => now().getTime(),
    })
    this.#dropped = new DroppedEvents({
      publish: (name, payload) => deps.events.publish(name, payload),
      dropped: (webhook) => this.#queue.record(webhook).dropped,
      now,
    })
    const texts = new EventTexts({ ...deps, now: () => now().getTime() })
    this.#runnerDeps = {
      textsOf: (name, payload) => texts.of(name, payload),
      random: Math.random,
      ...deps,
      traceparentOf: (payload) => traceparentFor(deps.traceparentOf ?? (() => null), payload),
      now,
      queue: this.#queue,
      fetch: deps.network.guarded(refuseDestination(deps.ownAddress)),
      readSecret: (reference) => deps.secrets.read(reference),
      revision: () => deps.config().revision,
    }
  }

  /** Inside of the transaction that stores these events. */
  appended(database: Database, events: readonly StoredEvent[]): void {
    this.#queue.appended(database, events)
  }

  /** Inside of the transaction that erased events. */
  erased(database: Database): void {
    this.#queue.erased(database)
  }

  start(): void {
    this.#isRunning = true
    this.#sweepTimer = setInterval(() => this.#sweep(), SWEEP_EVERY_MS)
    this.#sweepTimer.unref()
    this.#work.start()
    // Told once what events report is on disk.
    this.#deps.events.add({ scopes: () => WITHOUT_TEXTS, topics: null, deliver: () => this.wake() })
    this.configChanged()
    this.#sweep()
  }

  /** What is under way is interrupted and sent again after the next start. Idempotent. */
  async stop(): Promise<void> {
    this.#isRunning = false
    clearInterval(this.#sweepTimer)
    this.#work.stop()
    this.#dropped.stop()
    await Promise.all([...[...this.#runners.values()].map((runner) => runner.stop()), ...this.#leaving])
  }

  /** Follows the config in force. What waits for an endpoint that left the file waits three days for its return. */
  configChanged(): void {
    if (!this.#isRunning) return
    const before = this.#runners
    this.#runners = new Map()
    for (const endpoint of this.#current()) {
      this.#dropped.watch(endpoint.id, endpoint.place)
      const known = before.get(endpoint.id)
      before.delete(endpoint.id)
      if (known === undefined) this.#add(endpoint)
      else {
        this.#runners.set(endpoint.id, known)
        known.configChanged(endpoint)
      }
    }
    for (const runner of before.values()) {
      const left = runner.stop().finally(() => this.#leaving.delete(left))
      this.#leaving.add(left)
    }
    this.#dropped.keep(new Set(this.#runners.keys()))
  }

  /** There may be something to send, soon. */
  wake(): void {
    if (this.#runners.size > 0) this.#work.request()
  }

  #wakeAll(): void {
    for (const runner of this.#runners.values()) runner.wake()
  }

  list(): MethodResult<'webhooks.list'> {
    const runners = [...this.#runners.values()]
    return {
      webhooks: runners.map((runner) => this.#view(runner)),
      deadLetters: runners.flatMap(({ endpoint: { id: webhook } }) =>
        this.#queue.deadLetters(webhook).map(({ sequence, name, problem, ...letter }) => ({
          ...letter,
          webhook,
          deadLetter: sequence,
          type: name,
          problem: problem === null ? null : sentence(problem),
        })),
      ),
    }
  }

  retry(webhook: string, deadLetter: number | null): MethodResult<'webhooks.retry'> {
    const runner = this.#runner(webhook)
    const requeued = this.#queue.retry(webhook, deadLetter)
    if (deadLetter !== null && requeued === 0)
      throw new DaemonError('webhook_not_found', {
        message: 'This webhook has no such dead letter.',
        action: 'List the webhooks again.',
      })
    runner.retryNow()
    return { webhook: this.#view(runner), requeued }
  }

  async test(webhook: string): Promise<MethodResult<'webhooks.test'>> {
    const runner = this.#runner(webhook)
    const { now } = this.#runnerDeps
    const begun = now().getTime()
    const outcome = await runner.test()
    const tookMs = Math.max(0, now().getTime() - begun)
    const problem = outcome.kind === 'delivered' ? null : sentence(outcome.problem)
    return { webhook, ok: problem === null, status: outcome.status, problem, tookMs }
  }

  #add(endpoint: Endpoint): void {
    const runner = new EndpointRunner(this.#runnerDeps, endpoint)
    this.#runners.set(endpoint.id, runner)
    runner.wake()
  }

  #current(): readonly Endpoint[] {
    const config = this.#deps.config()
    if (this.#endpoints?.config !== config) this.#endpoints = { config, found: endpointsOf(config) }
    return this.#endpoints.found
  }

  #runner(webhook: string): EndpointRunner {
    const runner = this.#runners.get(webhook)
    if (runner !== undefined) return runner
    throw new DaemonError('webhook_not_found')
  }

  #view(runner: EndpointRunner): WebhookView {
    const { queue, now, revision } = this.#runnerDeps
    const { endpoint, problem, pausedUntil } = runner
    return webhookView({
      endpoint,
      record: queue.record(endpoint.id),
      nextDueAt: queue.nextDueAt(endpoint.id, []),
      problem,
      pausedUntil,
      revision: revision(),
      now: now().getTime(),
    })
  }

  #sweep(): void {
    const now = this.#runnerDeps.now().getTime()
    try {
      this.#queue.sweep(now - MAX_AGE_MS - LATE_MS, now - DEAD_MS)
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'old deliveries of webhooks could not be deleted')
    }
  }
}
