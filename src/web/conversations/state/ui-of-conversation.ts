import { EMPTY_DRAFT } from './conversations-ui.ts'
import type { ConversationsUi } from './conversations-ui.ts'

type Kept = Pick<ConversationsUi, 'drafts' | 'typed'>

/** What a field of the person's details is called while it is typed. */
export function fieldKey(conversationId: string, name: string): string {
  return `field ${conversationId} ${name}`
}

/** Without what was begun to write in a conversation, or to note about its person. */
export function withoutConversation({ drafts, typed }: Kept, conversationId: string): Kept {
  return {
    drafts: Object.fromEntries(Object.entries(drafts).filter(([id]) => id !== conversationId)),
    typed: Object.fromEntries(
      Object.entries(typed).filter(([key]) => !key.startsWith(fieldKey(conversationId, ''))),
    ),
  }
}

/** What was begun in a conversation goes on in the one that it has turned out to be, below what was begun there. */
export function withMerged(ui: Kept, formerId: string, conversationId: string): Kept {
  const { drafts, typed } = withoutConversation(ui, formerId)
  const former = ui.drafts[formerId] ?? EMPTY_DRAFT
  const draft = drafts[conversationId] ?? EMPTY_DRAFT
  const from = fieldKey(formerId, '')
  const moved = Object.entries(ui.typed)
    .filter(([key]) => key.startsWith(from))
    .map(([key, value]) => [fieldKey(conversationId, key.slice(from.length)), value] as const)
  return {
    drafts: {
      ...drafts,
      [conversationId]: {
        text: [draft.text, former.text].filter((text) => text !== '').join('\n'),
        files: [...draft.files, ...former.files],
        quote: draft.quote ?? former.quote,
      },
    },
    typed: { ...Object.fromEntries(moved), ...typed },
  }
}
