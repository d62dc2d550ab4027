import type { SendFailure } from '../../messaging/outcome.ts'
import type { Admission } from '../intake/admission.ts'
import type { HoldSkip } from '../takeover/takeover.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import type { OutboxRow } from './outbox-store.ts'
import { SEND_FAILURES } from './send-failures.ts'
import { whySilenced } from './why-silenced.ts'

interface WhyNotSentDependencies {
  admission: Pick<Admission, 'allowsReply'>
  windows: Pick<ChatWindows, 'takesRow'>
  /** Why the assistant says nothing in a conversation now; `null` where it may. */
  whySilent: (conversation: number) => HoldSkip | null
}

/** Why a message may not go out now; `null` where it may. */
export function whyNotSent(
  { admission, windows, whySilent }: WhyNotSentDependencies,
  row: OutboxRow,
): SendFailure | null {
  const isSilenced = whySilenced(whySilent, row) !== null
  if (isSilenced || !admission.allowsReply(row)) return SEND_FAILURES.notAllowed
  return windows.takesRow(row) ? null : SEND_FAILURES.windowClosed
}
