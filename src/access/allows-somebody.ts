import type { AccessPolicy } from './policy.ts'

/** Whether there is anybody who could talk to the assistant, or ask to: without, a link is of no use. */
export function allowsSomebody({ dmPolicy, allowFrom }: AccessPolicy): boolean {
  return dmPolicy === 'open' || dmPolicy === 'pairing' || allowFrom.length > 0
}
