import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_at, count) => count - 1,
}

/**
 * The keys of the messages, while one of them has the focus: arrows go from one to the next, Enter opens what can be done with it, Escape
 * closes that. `current` is the message that Tab leads to.
 */
export function messageKeys(
  { set, ui }: ThreadFrame,
  messages: readonly MessageView[],
  current: string | null,
): (event: KeyboardEvent) => void {
  return (event) => {
    const { target, key } = event
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Escape' && ui.actionsOf !== null) {
      event.preventDefault()
      set({ actionsOf: null, focus: messageSelector(ui.actionsOf) })
      return
    }
    // Buttons and players in a message have keys of their own.
    if (!target.matches('.message')) return
    if (key === 'Enter' && current !== null) {
      event.preventDefault()
      set({ actionsOf: current, focus: `${messageSelector(current)} .message-actions button` })
      return
    }
    const step = STEPS[key]
    if (step === undefined) return
    event.preventDefault()
    const at = messages.findIndex(({ messageId }) => messageId === current)
    const next = messages[Math.min(messages.length - 1, Math.max(0, step(at, messages.length)))]
    if (next !== undefined) set({ activeMessage: next.messageId, focus: messageSelector(next.messageId) })
  }
}

/** Where a message is. */
export function messageSelector(messageId: string): string {
  return `[data-message="${CSS.escape(messageId)}"]`
}
