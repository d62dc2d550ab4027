import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { orderConversations } from './order-conversations.ts'
import type { ConversationFilter } from './order-conversations.ts'
import { toRequestError } from './to-request-error.ts'

const PAGE_SIZE = 100
/** So many are loaded again at once; the rest when it is scrolled to. */
const MAX_RELOADED = 1_000
/** When more have changed at once, all of it is read anew. */
const MAX_REFRESHING = 30
/** Of those that are found by their name. */
const MAX_NAMED = 20
/** Of those who wait for a person, which are all shown above the others. */
const MAX_WAITING_PAGES = 10

export interface ConversationListDeps {
  client: Pick<WhatsappdClient, 'request'>
  account: string
  /** Called after every change of what the list has to show. */
  changed: () => void
  /** Conversations that are shown beside the list, and stay known however far it is loaded. */
  shown: () => Iterable<string>
  /** The first conversation has turned out to be the second one, which has everything of it now. */
  merged: (formerId: string, conversationId: string) => void
}

/** How far one filter has been loaded. */
interface Walk {
  cursor: string | null
  /** Down to which time everything is known; `null` at the end. */
  floor: string | null
  isComplete: boolean
}

interface Page {
  conversations: ConversationView[]
  cursor: string | null
}

const BEFORE_FIRST: Walk = { cursor: null, floor: '~', isComplete: false }

/** The conversations of an account, page by page as they are scrolled to, kept in step with the daemon by `changed` ones. */
export class ConversationList {
  readonly #deps: ConversationListDeps
  readonly #views = new Map<string, ConversationView>()
  readonly #walks = new Map<ConversationFilter, Walk>()
  readonly #refreshing = new Map<string, boolean>()
  /** What the daemon has told since the load under way began, whose answer may be older; `null` for what is gone. */
  readonly #told = new Map<string, ConversationView | null>()
  /** Ids of what was found last by its name. */
  #found: { text: string; ids: ReadonlySet<string> } | null = null
  #filter: ConversationFilter = 'all'
  #rows: ConversationView[] | null = null
  #isLoading = false
  #error: RequestError | null = null
  /** Grows with each reload, so that late answers change nothing. */
  #generation = 0

  constructor(deps: ConversationListDeps) {
    this.#deps = deps
  }

  get filter(): ConversationFilter {
    return this.#filter
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  /** Whether there is something to go on from. */
  get isLoaded(): boolean {
    return this.#walks.size > 0
  }

  /** Why the last page could not be loaded. */
  get error(): RequestError | null {
    return this.#error
  }

  /** Whether the rows are all that there are. */
  get isComplete(): boolean {
    return this.#walk(this.#filter).isComplete
  }

  /** Whether every conversation of the account was loaded. */
  get hasAll(): boolean {
    return this.#walk('all').isComplete
  }

  /** As `orderConversations` orders them. The same array until something changes. */
  get rows(): readonly ConversationView[] {
    this.#rows ??= orderConversations(this.#views.values(), this.#filter, this.#walk(this.#filter).floor)
    return this.#rows
  }

  get(conversationId: string): ConversationView | undefined {
    return this.#views.get(conversationId)
  }

  /** Those whose name or number contains `text`, of those that were loaded, and what `findNamed` has found of it. */
  named(text: string, limit: number): ConversationView[] {
    const wanted = text.trim().toLocaleLowerCase()
    const digits = text.replaceAll(/\D/g, '')
    const found = this.#found?.text === text.trim() ? this.#found.ids : new Set<string>()
    return [...this.#views.values()]
      .filter(
        ({ name, phoneNumber, conversationId }) =>
          found.has(conversationId) ||
          name?.toLocaleLowerCase().includes(wanted) === true ||
          (digits.length > 2 && phoneNumber?.includes(digits) === true),
      )
      .slice(0, limit)
  }

  /** Whether `named` knows of all conversations of the account. */
  hasNamed(text: string): boolean {
    return this.hasAll || this.#found?.text === text.trim()
  }

  /** Asks which conversations of all have these words in their name, number or fields. */
  async findNamed(text: string): Promise<void> {
    const { client, account, changed } = this.#deps
    const wanted = text.trim()
    try {
      const page = await client.request('conversations.list', { account, text: wanted, limit: MAX_NAMED })
      this.#found = {
        text: wanted,
        ids: new Set(page.conversations.map(({ conversationId }) => conversationId)),
      }
      for (const view of page.conversations) this.put(view)
    } catch {
      // An older daemon: the loaded ones are all that is known.
    }
    changed()
  }

  /** Reads the list anew, as far as it was read before. What is shown stays until the answer is here. */
  async reload(): Promise<void> {
    const generation = ++this.#generation
    const filter = this.#filter
    const wanted = Math.min(this.rows.length, MAX_RELOADED)
    this.#isLoading = false
    await this.#load(async () => {
      const waiting = await this.#readPages('waiting', PAGE_SIZE * MAX_WAITING_PAGES)
      const read = await this.#readPages(filter, wanted)
      if (generation !== this.#generation) return
      const before = new Map(this.#views)
      this.#views.clear()
      this.#walks.clear()
      this.#keep(waiting.conversations)
      this.#keep([...this.#told.values()].filter((view) => view !== null))
      this.#add(filter, read)
      this.#keepShown(before)
    })
    if (filter !== this.#filter) await this.loadMore()
  }

  async show(filter: ConversationFilter): Promise<void> {
    if (filter === this.#filter) return
    this.#filter = filter
    this.#changed()
    if (!this.#walks.has(filter)) await this.loadMore()
  }

  /** The next page of the filter, unless one is under way or there is none. */
  async loadMore(): Promise<void> {
    const filter = this.#filter
    const { cursor, isComplete } = this.#walk(filter)
    if (this.#isLoading || isComplete) return
    const generation = this.#generation
    await this.#load(async () => {
      const page = await this.#readPage(filter, cursor)
      if (generation === this.#generation) this.#add(filter, page)
    })
    // Another filter was chosen meanwhile.
    if (filter !== this.#filter && !this.#walks.has(this.#filter)) await this.loadMore()
  }

  put(view: ConversationView): void {
    if (this.#isLoading) this.#told.set(view.conversationId, view)
    this.#views.set(view.conversationId, view)
    this.#changed()
  }

  remove(conversationId: string): void {
    if (this.#isLoading) this.#told.set(conversationId, null)
    if (this.#views.delete(conversationId)) this.#changed()
  }

  /** Reads one conversation that has changed; once more where it changes meanwhile. One that is gone is taken out. */
  async refresh(conversationId: string): Promise<void> {
    if (this.#refreshing.has(conversationId)) {
      this.#refreshing.set(conversationId, true)
      return
    }
    if (this.#refreshing.size >= MAX_REFRESHING) {
      if (!this.#isLoading) await this.reload()
      return
    }
    this.#refreshing.set(conversationId, false)
    const { client, account } = this.#deps
    try {
      const { conversation } = await client.request('conversations.get', {
        account,
        conversation: conversationId,
      })
      this.put(conversation)
      if (conversation.conversationId !== conversationId) {
        this.remove(conversationId)
        this.#deps.merged(conversationId, conversation.conversationId)
      }
    } catch (error) {
      if (error instanceof RequestError && error.code === 'conversation_not_found')
        this.remove(conversationId)
    } finally {
      const isStale = this.#refreshing.get(conversationId)
      this.#refreshing.delete(conversationId)
      if (isStale === true) void this.refresh(conversationId)
    }
  }

  /** Looks for the conversation with a number, which may be one that was not loaded yet. */
  async find(phoneNumber: string): Promise<void> {
    const { client, account } = this.#deps
    try {
      const { conversation } = await client.request('conversations.get', {
        account,
        conversation: phoneNumber,
      })
      this.put(conversation)
    } catch {
      // Nobody has written from there.
    }
  }

  #walk(filter: ConversationFilter): Walk {
    return this.#walks.get(filter) ?? BEFORE_FIRST
  }

  async #load(read: () => Promise<void>): Promise<void> {
    const generation = this.#generation
    this.#isLoading = true
    this.#told.clear()
    this.#error = null
    this.#changed()
    try {
      await read()
    } catch (error) {
      if (generation === this.#generation) this.#error = toRequestError(error)
    } finally {
      if (generation === this.#generation) this.#isLoading = false
      this.#changed()
    }
  }

  /** At least `wanted` conversations, where there are so many. */
  async #readPages(filter: ConversationFilter, wanted: number): Promise<Page> {
    const found: ConversationView[] = []
    let cursor: string | null = null
    do {
      const page: Page = await this.#readPage(filter, cursor)
      found.push(...page.conversations)
      cursor = page.cursor
    } while (cursor !== null && found.length < wanted)
    return { conversations: found, cursor }
  }

  #readPage(filter: ConversationFilter, cursor: string | null): Promise<Page> {
    const { client, account } = this.#deps
    return client.request('conversations.list', {
      account,
      filter,
      limit: PAGE_SIZE,
      ...(cursor !== null && { cursor }),
    })
  }

  #add(filter: ConversationFilter, page: { conversations: ConversationView[]; cursor: string | null }): void {
    this.#keep(page.conversations)
    const floor = page.conversations.at(-1)?.lastAt ?? this.#walk(filter).floor
    this.#walks.set(filter, {
      cursor: page.cursor,
      floor: page.cursor === null ? null : floor,
      isComplete: page.cursor === null,
    })
    this.#changed()
  }

  /** Each as the daemon has told of it since it was asked, else as it was loaded. */
  #keep(views: readonly ConversationView[]): void {
    for (const loaded of views) {
      const told = this.#told.get(loaded.conversationId)
      if (told !== null) this.#views.set(loaded.conversationId, told ?? loaded)
    }
  }

  /** Those shown beside the list that it does not have now: as they were known `before`, and asked for. */
  #keepShown(before: ReadonlyMap<string, ConversationView>): void {
    for (const conversationId of this.#deps.shown()) {
      if (this.#views.has(conversationId) || this.#told.has(conversationId)) continue
      const view = before.get(conversationId)
      if (view !== undefined) this.#keep([view])
      void this.refresh(conversationId)
    }
  }

  #changed(): void {
    this.#rows = null
    this.#deps.changed()
  }
}
