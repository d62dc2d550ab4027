import { jidDecode } from '@whiskeysockets/baileys'

/** One name for all spellings of a device's address; a phone is device 0, named or not. */
export function deviceName(jid: string | undefined): string {
  const { user, server, device } = jidDecode(jid) ?? {}
  return `${user ?? ''}:${device ?? 0}@${server ?? ''}`
}
