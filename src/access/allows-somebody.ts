import type { AccountConfig } from '../config/model.ts'

/** Whether there is anybody who could talk to the assistant, or ask to: without, a link is of no use. */
export function allowsSomebody({ access }: AccountConfig): boolean {
  return access.dmPolicy === 'open' || access.dmPolicy === 'pairing' || access.allowFrom.length > 0
}
