import type { Bot } from '../bots/bot.ts'
import type { MeasuredRounds, RoundValues } from '../report/figures.ts'
import { within } from '../report/within.ts'
import type { Group, GroupSettings } from './group.ts'
import { Measurement } from './measurement.ts'

export interface RunResult {
  rounds: MeasuredRounds
  /** What did not end, or failed, one line each. */
  failures: string[]
}

/**
 * Measures each group in its rounds: in a round one bot after the other, in the next one the other first, so that what slows the machine down
 * for a while hits both. A measurement that fails or hangs is named, and the rest goes on.
 */
export async function runGroups(
  groups: Readonly<Record<string, Group>>,
  o: { rounds: number | undefined; only: Bot['name'] | undefined },
  settings: GroupSettings,
): Promise<RunResult> {
  const measured: Record<Bot['name'], RoundValues[]> = { ours: [], bare: [] }
  const failures: string[] = []
  for (const [name, group] of Object.entries(groups)) {
    const rounds = o.rounds ?? group.rounds
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of turnsOf(group, round).filter((each) => o.only === undefined || each === o.only)) {
        const who = `${name}, round ${round + 1} of ${rounds}, ${subject}`
        const startedAt = performance.now()
        try {
          const values = await measureOnce(group, subject, settings, who)
          // Each group has its own place in the round, so that rounds of both bots stay side by side.
          measured[subject][round] = { ...measured[subject][round], ...values }
          settings.progress(
            `${who}: ${shown(values)} (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`,
          )
        } catch (error) {
          const failure = `${who}: ${error instanceof Error ? error.message : String(error)}`
          failures.push(failure)
          settings.progress(failure)
        }
      }
    }
  }
  return { rounds: { ours: filled(measured.ours), bare: filled(measured.bare) }, failures }
}

function turnsOf({ subjects }: Group, round: number): readonly Bot['name'][] {
  return round % 2 === 0 ? subjects : subjects.toReversed()
}

async function measureOnce(
  group: Group,
  subject: Bot['name'],
  settings: GroupSettings,
  who: string,
): Promise<RoundValues> {
  const measurement = new Measurement()
  try {
    const work = group.measure(subject, settings, measurement)
    // It may still fail when it was given up.
    work.catch(() => undefined)
    return await within(who, group.limitMs, work, () => measurement.lastWords)
  } finally {
    await measurement.stop()
  }
}

/** A round that failed has nothing. */
function filled(rounds: readonly (RoundValues | undefined)[]): RoundValues[] {
  return Array.from(rounds, (round) => round ?? {})
}

function shown(values: RoundValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Math.round(value * 100) / 100}`)
    .join(', ')
}
