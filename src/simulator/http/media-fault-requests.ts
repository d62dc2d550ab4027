import { z } from 'zod'
import type { Simulator } from '../simulator.ts'
import { FaceError, phoneOf } from './face-request.ts'

const times = z.number().int().min(1).optional()
const status = z.number().int().min(300).max(599)
const simple = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind) })

/** What goes wrong with files: the `how` of each is described at its type in `media-faults.ts`. */
export const mediaFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('spoilDownloads'),
    how: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('status'), status }),
      simple('spoiled'),
      z.strictObject({ kind: z.literal('longer'), by: z.number().int().min(1).max(10_000_000) }),
      simple('endless'),
      z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.number().min(1) }),
      simple('stalled'),
      simple('cut'),
      z.strictObject({ kind: z.literal('redirect'), to: z.string().max(2_000) }),
    ]),
    times,
  }),
  z.strictObject({
    kind: z.literal('spoilUploads'),
    how: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('status'), status }),
      simple('cut'),
      simple('stalled'),
      simple('lost-answer'),
      z.strictObject({ kind: z.literal('slow'), afterMs: z.number().min(0).max(600_000) }),
      z.strictObject({ kind: z.literal('answer'), body: z.string().max(10_000) }),
      z.strictObject({ kind: z.literal('redirect'), to: z.string().max(2_000) }),
    ]),
    times,
  }),
  z.strictObject({
    kind: z.literal('spoilReuploads'),
    how: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('error'), code: z.number().int() }),
      z.strictObject({ kind: z.literal('result'), result: z.literal([0, 2, 3]) }),
      simple('other-id'),
      simple('unreadable'),
      z.strictObject({ kind: z.literal('path'), directPath: z.string().max(2_000) }),
      simple('silence'),
      simple('twice'),
    ]),
    times,
  }),
  z.strictObject({
    kind: z.literal('loseFile'),
    account: z.string(),
    id: z.string(),
    status: status.default(404),
  }),
  z.strictObject({ kind: z.literal('switchOff'), account: z.string() }),
])
type MediaFault = z.infer<typeof mediaFault>

const KINDS: ReadonlySet<string> = new Set([
  'spoilDownloads',
  'spoilUploads',
  'spoilReuploads',
  'loseFile',
  'switchOff',
] satisfies MediaFault['kind'][])

export function isMediaFault(wanted: { kind: string }): wanted is MediaFault {
  return KINDS.has(wanted.kind)
}

/**
 * Returns on how many connections it acts now: none. Throws `FaceError` where no phone has the number, or the phone has no such
 * message with a file.
 */
export function strikeMedia(simulator: Simulator, wanted: MediaFault): 0 {
  const { media } = simulator.faults
  const scope = 'times' in wanted && wanted.times !== undefined ? { times: wanted.times } : {}
  if (wanted.kind === 'spoilDownloads') media.spoilDownloads(wanted.how, scope)
  if (wanted.kind === 'spoilUploads') media.spoilUploads(wanted.how, scope)
  if (wanted.kind === 'spoilReuploads') media.spoilReuploads(wanted.how, scope)
  if (wanted.kind === 'switchOff') phoneOf(simulator, wanted.account).switchOff()
  if (wanted.kind !== 'loseFile') return 0
  const phone = phoneOf(simulator, wanted.account)
  const message = [...phone.received, ...phone.sent.items].find(({ id }) => id === wanted.id)
  if (message === undefined) throw new FaceError(404, `this phone has no message ${wanted.id}`)
  simulator.loseFile(message, wanted.status)
  return 0
}

/** All phones are on again; files that are gone stay so. */
export function clearMediaFaults({ phones }: Simulator): void {
  for (const phone of phones) phone.switchOn()
}
