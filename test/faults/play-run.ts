import { setTimeout as delay } from 'node:timers/promises'
import { OWNER } from './cast.ts'
import { at } from './instant.ts'
import type { Ledger } from './ledger.ts'
import { answerByHand, handBack } from './owner-at-the-phone.ts'
import { noteStanzas } from './stanza-notes.ts'
import { describeRun, type RunPlan } from './plan-run.ts'
import type { Stage } from './stage.ts'
import { writeMessages } from './write-messages.ts'

const POLL_MS = 15
/** How long a stanza that a fault waits for may take to come. */
const INSTANT_LIMIT_MS = 1_500
/** A person who sees "reconnecting" waits a moment before pressing "reconnect", and longer each time. */
const FIRST_PATIENCE_MS = 1_200
/** A service manager starts again what ended by itself. */
const RESPAWN_MS = 200
/** An assistant that died is started again after a rest that grows. */
const EXCUSED_PATIENCE_MS = 12_000
const READY_LIMIT_MS = 60_000
/** Of what was accepted and does not come a program asks what became of it. */
const ASK_AFTER_MS = 2_000

export interface RunSetting {
  stage: Stage
  ledger: Ledger
  patienceMs: { ordinary: number; leftAlone: number }
  /** Whether the history tells every stanza of a message. */
  traces: boolean
  notes: { listen(note: (what: string) => void): void; sent(id: string): void }
}

/** Plays one run: people write, the fault strikes, and everything is waited for. Resolves with its history. */
export async function playRun(plan: RunPlan, setting: RunSetting): Promise<string[]> {
  const { stage, ledger, notes } = setting
  const history = [describeRun(plan)]
  const startedAt = performance.now()
  const note = (what: string): void => {
    history.push(`  ${(performance.now() - startedAt).toFixed(0)} ms: ${what}`)
  }
  notes.listen(note)
  const stopTrace = setting.traces ? noteStanzas(stage.simulator, note) : () => {}
  if (plan.kind.isLeftAlone === true) await makeReady(stage)
  ledger.beginRun(plan.number, note)
  stage.simulator.faults.latencyMs = plan.latencyMs
  const strike = async (): Promise<void> => {
    note(`${plan.kind.name} strikes`)
    await plan.fault.strike(stage)
    note('over')
  }
  const sent = (id: string, what: string): void => {
    notes.sent(id)
    if (setting.traces) note(`${what} is ${id}`)
  }
  const byHand = stage.bot.name === 'ours' ? plan.takeover : null
  await Promise.all([
    writeMessages(
      plan.messages.filter(({ person }) => person !== OWNER || stage.bot.answersOwner),
      { simulator: stage.simulator, ledger, placeOf: stage.placeOf, sent },
    ),
    byHand === null ? undefined : answerByHand(byHand, { simulator: stage.simulator, ledger }),
    stage.program?.send(plan.sends, { placeOf: stage.placeOf, note }),
    plan.receiverDies === null ? undefined : receiverDies(plan.receiverDies, stage),
    at(plan.instant, { simulator: stage.simulator, wire: stage.wire, limitMs: INSTANT_LIMIT_MS, strike }),
  ])
  for (const person of ledger.takeovers.held) await handBack(person, { simulator: stage.simulator, ledger })
  stage.simulator.faults.latencyMs = 0
  await settle(plan.kind.isLeftAlone === true, setting, note)
  stage.simulator.faults.clear()
  ledger.endRun()
  note('settled')
  stopTrace()
  return history
}

async function receiverDies(
  { afterMs, downMs }: NonNullable<RunPlan['receiverDies']>,
  { events }: Stage,
): Promise<void> {
  await delay(afterMs)
  await events?.crash(downMs)
}

/** Waits until every answer is there, or none has come for too long. */
async function settle(
  isLeftAlone: boolean,
  { stage, ledger, patienceMs }: RunSetting,
  note: (what: string) => void,
): Promise<void> {
  const { bot } = stage
  const limitMs = isLeftAlone ? patienceMs.leftAlone : patienceMs.ordinary
  let awaySince = performance.now()
  let orderPatienceMs = FIRST_PATIENCE_MS
  let askAfterMs = ASK_AFTER_MS
  for (;;) {
    for (const crash of bot.takeCrashes()) {
      ledger.crashed(crash)
      note(crash)
    }
    if (!bot.isRunning) {
      await delay(RESPAWN_MS)
      bot.spawn()
    }
    if (ledger.outstanding === 0) return
    if (ledger.isExcused && ledger.quietMs > EXCUSED_PATIENCE_MS) ledger.forgive()
    if (ledger.quietMs > askAfterMs) {
      askAfterMs += ASK_AFTER_MS
      await stage.program?.askAgain().catch(() => undefined) // not up: asked again
    }
    if (ledger.quietMs > limitMs) return ledger.giveUp()
    if (stage.companion().isActive) awaySince = performance.now()
    else if (!isLeftAlone && bot.takesOrders && performance.now() - awaySince > orderPatienceMs) {
      note('is told to reconnect')
      await bot.reconnect()
      awaySince = performance.now()
      orderPatienceMs *= 2
    }
    await delay(POLL_MS)
  }
}

/** A bot that failed often waits long before it tries again by itself: lets it begin anew. */
async function makeReady({ bot, companion }: Stage): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS
  // Whoever was thrown out waits for long, and after a sleep for a person.
  while (!companion().isActive && bot.takesOrders && performance.now() < deadline) {
    await bot.reconnect()
    await delay(FIRST_PATIENCE_MS)
  }
  await companion().whenActive(AbortSignal.timeout(READY_LIMIT_MS))
  if (!bot.takesOrders) return
  await bot.reconnect()
  await companion().whenActive(AbortSignal.timeout(READY_LIMIT_MS))
}
