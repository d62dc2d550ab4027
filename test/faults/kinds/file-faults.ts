import { setTimeout as delay } from 'node:timers/promises'
import type { DownloadFault, UploadFault } from '../../../src/simulator/faults/media-faults.ts'
import type { SeededRandom } from '../../../src/simulator/seeded-random.ts'
import { killAndRestart, type Stage } from '../stage.ts'
import type { FaultKind } from './fault-kind.ts'

/** How long to wait for somebody to fetch or to upload a file. */
const REQUEST_LIMIT_MS = 1_000

const DOWNLOAD_FAULTS: readonly DownloadFault[] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 410 },
  { kind: 'cut' },
  { kind: 'slow', bytesPerSecond: 200_000 },
]

const UPLOAD_FAULTS: readonly UploadFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 401 },
  { kind: 'cut' },
  { kind: 'lost-answer' },
  { kind: 'slow', afterMs: 300 },
]

/** WhatsApp's servers for files fail, and the bot is killed while it fetches or uploads one. */
export const FILE_FAULTS: readonly FaultKind[] = [
  {
    name: 'downloads',
    weight: 4,
    plan: (random) => {
      const [fault, times, killedAfterMs] = [random.pick(DOWNLOAD_FAULTS), random.between(1, 2), kill(random)]
      return {
        parameters: { fault, times, killedAfterMs },
        strike: async (stage) => {
          const active = stage.simulator.faults.media.spoilDownloads(fault, { times })
          await untilAsked(stage, 'download', killedAfterMs)
          active.clear()
        },
      }
    },
  },
  {
    name: 'uploads',
    weight: 4,
    plan: (random) => {
      const [fault, times, killedAfterMs] = [random.pick(UPLOAD_FAULTS), random.between(1, 2), kill(random)]
      return {
        parameters: { fault, times, killedAfterMs },
        strike: async (stage) => {
          const active = stage.simulator.faults.media.spoilUploads(fault, { times })
          await untilAsked(stage, 'upload', killedAfterMs)
          active.clear()
        },
      }
    },
  },
  {
    name: 'tickets-expire',
    weight: 1,
    plan: () => ({
      parameters: {},
      strike: async ({ simulator }) => simulator.media.tickets.expire(),
    }),
  },
]

/** Half of the time the bot dies so soon after its request; `null` otherwise. */
function kill(random: SeededRandom): number | null {
  return random.chance(0.5) ? random.between(0, 120) : null
}

/** Resolves when the bot has asked for a file or brought one, or did not in time; and kills it then. */
async function untilAsked(
  stage: Stage,
  kind: 'download' | 'upload',
  killedAfterMs: number | null,
): Promise<void> {
  const known = new Set(stage.simulator.media.requests.items)
  const asked = await stage.simulator.media.requests
    .waitFor((request) => request.kind === kind && !known.has(request), kind, REQUEST_LIMIT_MS)
    .catch(() => null)
  if (asked === null || killedAfterMs === null) return
  await delay(killedAfterMs)
  await killAndRestart(stage, { downMs: 0, looks: true })
}
