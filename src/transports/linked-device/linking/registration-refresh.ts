import { randomBytes } from 'node:crypto'
import type { WASocket } from '@whiskeysockets/baileys'

/** Which field of the QR's fragment (`#ref,noise,identity,adv,platform`) carries the pairing secret. */
const ADV_FIELD = 3

export interface RegistrationRefresh {
  /** Puts the new secret into a QR that Baileys made with the old one. */
  patch(qr: string): string
  /** The QR on display, patched; `null` while there is none. */
  qr: string | null
}

/**
 * WhatsApp asks a device that is being linked to renew its pairing secret. Baileys 7.0.0-rc14 does not know the
 * request: without a new secret the QR silently dies. `qrOnDisplay` is the last QR, if any.
 */
export function answerRegistrationRefresh(
  socket: WASocket,
  qrOnDisplay: string | null = null,
): RegistrationRefresh {
  const advSecretKey = randomBytes(32).toString('base64')
  socket.ev.emit('creds.update', { advSecretKey })
  const patch = (qr: string): string => replaceField(qr, ADV_FIELD, advSecretKey)
  return { patch, qr: qrOnDisplay === null ? null : patch(qrOnDisplay) }
}

function replaceField(qr: string, index: number, value: string): string {
  const [head, fragment] = qr.split('#', 2)
  if (fragment === undefined) return qr
  const fields = fragment.split(',')
  fields[index] = value
  return `${head ?? ''}#${fields.join(',')}`
}
