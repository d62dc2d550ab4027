import type { Database } from '../../storage/database/database.ts'
import { MessageSearch } from '../search/message-search.ts'
import type { SearchIndex } from '../search/search-index.ts'
import type { SearchUpkeep } from '../search/search-upkeep.ts'
import { ConversationAdmin, type ConversationAdminDependencies } from './conversation-admin.ts'
import { ConversationViews, type ConversationViewsDependencies } from './conversation-views.ts'
import { MessageViews, type MessageViewsDependencies } from './messages/message-views.ts'

type BuildReadingInput = Omit<ConversationAdminDependencies, 'views' | 'messageViews' | 'search'> &
  ConversationViewsDependencies &
  MessageViewsDependencies & { database: Database; searchIndex: SearchIndex; searchUpkeep: SearchUpkeep }

/** Makes the parts that dashboards and programs read from, and connects them. */
export function buildReading(input: BuildReadingInput): { conversationAdmin: ConversationAdmin } {
  const { database, searchIndex, searchUpkeep } = input
  const messageViews = new MessageViews(input)
  const views = new ConversationViews(input)
  const search = new MessageSearch(database, searchIndex, searchUpkeep)
  return { conversationAdmin: new ConversationAdmin({ ...input, views, messageViews, search }) }
}
