import type { GroupSettings } from '../groups/group.ts'
import { BUDGETS } from '../report/budgets.ts'
import { measureStalls, type Stall } from './stalls.ts'

/** Whose event loop may be blocked no longer than `retentionStall` and `subscribeStall` say; everything else `longestStall`. */
const STRICTER: Readonly<Record<string, string>> = {
  'retention, from 90 days to 45': 'retentionStall',
  'session.subscribe': 'subscribeStall',
}

/** The table of `--stalls` as Markdown, or its figures as JSON. `isKept`: no step blocks the event loop for longer than its budget. */
export async function stallTable(
  settings: GroupSettings,
  asJson: boolean,
): Promise<{ text: string; isKept: boolean }> {
  const { messages, conversations } = settings.load
  const stalls = await measureStalls(settings)
  const isKept = stalls.every((stall) => verdictOf(stall) === 'met')
  if (asJson) return { text: JSON.stringify(stalls), isKept }
  const lines = stalls.map((stall) => {
    const { step, tookMs, stallMs, ownStallMs, ownCpuMs } = stall
    const cells = [tookMs, stallMs, ownStallMs, ownCpuMs].map((value) => value.toFixed(0))
    return `| ${step} | ${cells.join(' | ')} | ≤ ${limitOf(stall)}: ${verdictOf(stall)} |`
  })
  const text = [
    `${messages} messages in ${conversations} conversations, 20,000 numbers, 50 accounts`,
    '',
    '| step | took, ms | longest stall, ms | without other programs, ms | CPU of that thread, ms | budget |',
    '|---|---:|---:|---:|---:|---|',
    ...lines,
  ].join('\n')
  return { text, isKept }
}

function verdictOf(stall: Stall): string {
  if (stall.problem !== null) return `failed, ${stall.problem}`
  return stall.ownStallMs <= limitOf(stall) ? 'met' : 'not met'
}

function limitOf({ step }: Stall): number {
  return BUDGETS[STRICTER[step] ?? 'longestStall']?.atMost ?? Number.NaN
}
