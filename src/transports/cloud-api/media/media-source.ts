import { z } from 'zod'
import type { RemoteMedia } from '../../../messaging/content.ts'

/** As the inbound half writes it; what else is in it is not needed: the address lives five minutes, and Meta is asked for a new one. */
const sourceSchema = z.object({
  /** Meta's id of the file, which it keeps for seven days. */
  id: z.string().regex(/^\w{1,128}$/),
  /** In base64, or in hexadecimal: Meta writes both. */
  sha256: z.string().nullable(),
})

/** Where a file of a message is. */
export type MediaSource = z.infer<typeof sourceSchema>

/** `null` for what another program, or another transport, wrote. */
export function readMediaSource({ source }: RemoteMedia): MediaSource | null {
  try {
    return sourceSchema.parse(JSON.parse(source))
  } catch {
    return null
  }
}

/** Whether a file with this SHA-256, in hexadecimal, is the one that `told` names in either form. */
export function isHash(told: string, sha256: string): boolean {
  if (/^[0-9a-fA-F]{64}$/.test(told)) return told.toLowerCase() === sha256
  return Buffer.from(told, 'base64').toString('hex') === sha256
}
