import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { MediaRequest } from '../../src/simulator/server/media/media-server.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import type { Assistant } from './assistants/assistant.ts'
import type { Bot, BotSetting } from './bot.ts'
import { type CastGroup, CONTACTS, EVERYBODY, GROUPS, OWNER, type Person } from './cast.ts'
import type { Counts } from './counts.ts'
import type { FaultKind } from './kinds/fault-kind.ts'
import { NO_FAULT } from './kinds/no-fault.ts'
import { Ledger, watchEverybody } from './ledger.ts'
import { EventReceiver, webhookOf } from './programs/event-receiver.ts'
import { SendingProgram } from './programs/sending-program.ts'
import { planRun } from './plan-run.ts'
import { playRun } from './play-run.ts'
import { SeededRandom } from '../../src/simulator/seeded-random.ts'
import { SmallDisk } from './small-disk.ts'
import type { Stage } from './stage.ts'
import { WallClock } from './wall-clock.ts'
import { Wire } from './wire.ts'

const LINK_LIMIT_MS = 60_000
/** Longer than any campaign. */
const WATCH_MS = 20 * 24 * 3_600_000
/** What is sent again when it must not be may come long after its answer. */
const LINGER_MS = 1_500
/** Of a daemon that has to connect again first. */
const ACKNOWLEDGED_LIMIT_MS = 60_000
/** More often than WhatsApp, so that each run has some of all. */
const HABITS = { pingEveryMs: 700, ackWithinMs: 20_000, batch: 3, everyday: 5 }
const REACTIONS_LIMIT_MS = 60_000
/** Files of people leave 64 MB of a disk free. */
const DISK_MB = 128
/** Half of the lives are on a small disk, with a clock that jumps. */
const FRAGILE_MACHINE_SHARE = 0.5

export interface LifeOptions {
  seed: number
  runs: number
  kinds: readonly FaultKind[]
  /** Whether this machine can mount. */
  hasSmallDisks: boolean
  /** Whether people have devices without keys; plain Baileys writes to nobody then. */
  hasUnkeyedDevices: boolean
  makeBot: (setting: BotSetting) => Bot
  /** Who answers in the life with this seed; `null`: the bot itself. */
  makeAssistant: (seed: number) => Assistant | null
  /** Whether programs send by the bot's control plane, and get its events. */
  hasPrograms: boolean
  /** How long to wait for answers while none comes, milliseconds. */
  patienceMs: { ordinary: number; leftAlone: number }
  /** Whether histories tell every stanza of a message. */
  traces: boolean
  /** Keeps the bot's files when something was found, and says where. */
  keeps: boolean
  /** After each run: what it was and what was found. */
  played: (run: PlayedRun) => void
  signal: AbortSignal
}

export interface PlayedRun {
  kind: string
  tookMs: number
  counts: Counts
  /** The plan and what happened. */
  history: readonly string[]
  findings: readonly string[]
  tail: string
}

/** One bot from its linking to its end, hurt again and again; everything that it keeps, it keeps across the runs. */
export async function playLife(options: LifeOptions): Promise<Counts> {
  const { seed, runs, signal, played } = options
  const random = new SeededRandom(seed)
  const scene = new Scene(options, random.chance(FRAGILE_MACHINE_SHARE))
  try {
    const stage = await scene.build()
    const possible = options.kinds.filter(({ needs }) => needs === undefined || scene.has(needs))
    // Where none of those that were chosen can happen here, people only write.
    const kinds = possible.length > 0 ? possible : [NO_FAULT]
    for (let number = 1; number <= runs && !signal.aborted; number++) {
      const plan = planRun(random, number, kinds)
      const startedAt = performance.now()
      const history = await playRun(plan, {
        stage,
        ledger: scene.ledger,
        patienceMs: options.patienceMs,
        traces: options.traces,
        notes: scene,
      })
      if (number === runs) await scene.finish()
      const findings = scene.ledger.takeFindings()
      scene.foundSomething ||= findings.length > 0
      played({
        kind: plan.kind.name,
        tookMs: performance.now() - startedAt,
        counts: scene.ledger.counts,
        history,
        findings,
        tail: stage.bot.tail,
      })
    }
    return scene.ledger.counts
  } finally {
    await scene.clear()
  }
}

/** WhatsApp, the phones, the wire, the machine and the bot of one life. */
class Scene {
  readonly ledger = new Ledger()
  foundSomething = false
  readonly #options: LifeOptions
  readonly #directory = mkdtempSync(join(tmpdir(), 'faults-'))
  readonly #disk: SmallDisk | null
  readonly #clock: WallClock | null
  readonly #assistant: Assistant | null
  readonly #simulator: Simulator
  readonly #events: EventReceiver | null
  readonly #program: SendingProgram | null
  readonly #sentIds: string[] = []
  #wire: Wire | null = null
  #bot: Bot | null = null
  #companion: LinkedCompanion | null = null
  #note: (what: string) => void = () => {}

  constructor(options: LifeOptions, isFragile: boolean) {
    this.#options = options
    this.#disk =
      isFragile && options.hasSmallDisks ? new SmallDisk(join(this.#directory, 'disk'), DISK_MB) : null
    this.#clock = isFragile ? new WallClock(join(this.#directory, 'clock')) : null
    const { hasUnkeyedDevices } = options
    this.#assistant = options.makeAssistant(options.seed)
    this.#events = options.hasPrograms ? new EventReceiver(this.ledger.programs.events, options.seed) : null
    this.#program = options.hasPrograms
      ? new SendingProgram(() => this.#bot?.controlPlane() ?? null, this.ledger)
      : null
    this.ledger.files.mayLackRoom = this.#disk !== null
    this.#simulator = new Simulator({
      hasUnkeyedDevices,
      habits: HABITS,
      ...(this.#clock === null ? {} : { clock: this.#clock.now }),
    })
  }

  has(needed: NonNullable<FaultKind['needs']>): boolean {
    return { assistant: this.#assistant, clock: this.#clock, smallDisk: this.#disk }[needed] !== null
  }

  /** Where notes go from now on. */
  listen(note: (what: string) => void): void {
    this.#note = note
  }

  /** Resolves when the bot is linked and messages can flow. */
  async build(): Promise<Stage> {
    const simulator = this.#simulator
    await simulator.start()
    for (const person of EVERYBODY) simulator.createPhone(person)
    const groups = this.#makeGroups()
    watchEverybody(this.ledger, (phoneNumber) => this.#phone(phoneNumber))
    simulator.onTrace(({ direction, node, connection }) => {
      if (connection.account !== OWNER.phoneNumber) return
      this.ledger.reactions.traced(node)
      if (direction === 'in') this.ledger.assistantSent(node, this.#usersOf)
    })
    const url = new URL(simulator.webSocketUrl)
    const wire = new Wire(Number(url.port))
    this.#wire = wire
    await wire.start()
    url.port = String(wire.port)
    // Files come over the same wire.
    simulator.media.reachedAt = url.host
    simulator.media.requests
      .waitFor((request) => this.#requested(request), 'the end', WATCH_MS)
      .catch(() => undefined) // the simulator stops at the end
    await this.#events?.start()
    await this.#assistant?.start(() => this.#bot?.controlPlane() ?? null)
    const bot = this.#options.makeBot({
      directory: this.#directory,
      stateDirectory: this.#stateDirectory(),
      webSocketUrl: url.href,
      noiseRootKey: simulator.noiseRootKey,
      allowFrom: [OWNER, ...CONTACTS].map(({ phoneNumber }) => phoneNumber),
      groups: GROUPS.filter(({ isAllowed }) => isAllowed).map((group) => groups.get(group) ?? ''),
      assistant: this.#assistant,
      // Every other life, so that a round has both.
      reacts: this.#options.seed % 2 === 0,
      webhook: this.#events === null ? null : webhookOf(this.#events),
      clockFile: this.#clock?.file ?? null,
      fullFile: this.#fullFile,
    })
    this.#bot = bot
    const answers = ({ isAllowed }: CastGroup): boolean => isAllowed && bot.answersGroups
    for (const [group, jid] of groups) if (answers(group)) this.ledger.allowGroup(jid, group.members)
    bot.spawn()
    const companion = await this.#phone(OWNER.phoneNumber).scan(await bot.firstQr())
    await companion.whenActive(AbortSignal.timeout(LINK_LIMIT_MS))
    this.#companion = companion
    return {
      simulator,
      bot,
      assistant: this.#assistant,
      program: this.#program,
      events: this.#events,
      wire,
      sentIds: this.#sentIds,
      disk: this.#disk,
      clock: this.#clock,
      fullFile: this.#fullFile,
      placeOf: (group) => ({
        group,
        chat: group === null ? null : (groups.get(group) ?? null),
        isAnswered: group === null || answers(group),
      }),
      companion: () => companion,
      note: (what) => this.#note(what),
      killed: () => {
        this.ledger.killed()
        this.#note('killed')
      },
      excuse: () => this.ledger.excuse(),
      corrupt: (what) => this.ledger.corrupt(what),
    }
  }

  /** The user parts of somebody's addresses. */
  readonly #usersOf = ({ phoneNumber }: Person): string[] => {
    const { user, lidUser } = this.#phone(phoneNumber).account
    return [user, lidUser]
  }

  /** Never the last one: sees every request. */
  #requested(request: MediaRequest): false {
    this.ledger.requested(request)
    return false
  }

  sent(id: string): void {
    this.#sentIds.push(id)
  }

  /** Ends the bot in order and looks at what it leaves. */
  async finish(): Promise<void> {
    const bot = this.#bot
    const companion = this.#companion
    if (bot === null || companion === null) return
    await delay(LINGER_MS)
    await this.#reactionsGone()
    await this.#everydayAcknowledged(companion)
    await this.#eventsPosted()
    for (const crash of bot.takeCrashes()) this.ledger.crashed(crash)
    if (!(await bot.end('SIGTERM')).inTime) this.ledger.crashed('did not stop in time after SIGTERM')
    for (const damage of bot.damage()) this.ledger.corrupt(damage)
    const stored = bot.storedMessages()
    if (stored !== null) this.ledger.programs.compare(stored)
    const identity = bot.identity()
    const isTheSame =
      identity?.noiseKey === companion.noiseKey.toString('base64') &&
      identity.identityKey === companion.identityKey.toString('base64')
    if (!isTheSame) this.ledger.corrupt('the identity on disk is not the one that was linked')
    if (companion.isRemoved || companion.account.companions.length !== 1)
      this.ledger.corrupt('the device that was linked is not the one that is')
  }

  async #eventsPosted(): Promise<void> {
    if (this.#events === null) return
    this.#events.isWell = true
    const waiting = await this.#program?.eventsPosted()
    if (waiting !== 0)
      this.ledger.programs.events.stuck(`${waiting} events wait for a receiver that is there`)
  }

  /** They are taken back after the answers, by themselves and soon. */
  async #reactionsGone(): Promise<void> {
    const { reactions } = this.ledger
    const standing = (): number => reactions.standing(this.#usersOf)
    const deadline = performance.now() + REACTIONS_LIMIT_MS
    while (standing() > 0 && performance.now() < deadline) await delay(LINGER_MS / 10)
    if (standing() > 0) this.ledger.corrupt(`${standing()} reactions stand after their answers`)
  }

  /** People's messages are counted at their phones; this is what the server sends by itself. */
  async #everydayAcknowledged({ backlog }: LinkedCompanion): Promise<void> {
    const deadline = performance.now() + ACKNOWLEDGED_LIMIT_MS
    const waiting = (): Stanza[] => backlog.entries().filter(({ tag }) => tag !== 'message')
    while (waiting().length > 0 && performance.now() < deadline) await delay(LINGER_MS / 10)
    for (const { tag, attrs } of waiting()) this.ledger.unacknowledged(`${tag} ${attrs.type ?? ''}`)
    this.ledger.unanswered(this.#simulator.pings.unanswered)
  }

  async clear(): Promise<void> {
    await this.#bot?.end('SIGKILL')
    await this.#assistant?.stop()
    this.#program?.stop()
    await this.#events?.stop()
    await this.#wire?.stop()
    await this.#simulator.stop()
    if (this.#options.keeps && this.foundSomething) {
      process.stderr.write(`kept: ${this.#directory}\n`)
      return
    }
    if (this.#disk !== null) this.#disk.unmount()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  get #fullFile(): string {
    return join(this.#directory, 'full')
  }

  /** JIDs of the groups. */
  #makeGroups(): ReadonlyMap<CastGroup, string> {
    const made = GROUPS.map((group) => {
      const { subject, members, addressing } = group
      const phones = [...members, OWNER].map(({ phoneNumber }) => this.#phone(phoneNumber))
      return [group, this.#simulator.createGroup({ subject, members: phones, addressing }).jid] as const
    })
    return new Map(made)
  }

  #stateDirectory(): string {
    if (this.#disk !== null) {
      this.#disk.mount()
      return this.#disk.directory
    }
    const directory = join(this.#directory, 'disk')
    mkdirSync(directory, { mode: 0o700 })
    return directory
  }

  #phone(phoneNumber: string): SimulatedPhone {
    const phone = this.#simulator.phone(phoneNumber)
    if (phone === undefined) throw new Error(`nobody has ${phoneNumber}`)
    return phone
  }
}
