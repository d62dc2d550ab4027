import type { RequestError } from '../../../client/request-error.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { AccountConversations } from '../state/live-conversations.ts'
import { toRequestError } from '../state/to-request-error.ts'
import type { ConversationsFrame } from '../conversations-frame.ts'

export type Template = MethodResult<'templates.list'>['templates'][number]

/** The templates of one account, read when they are first wanted, and once more when somebody asks for that. */
export class TemplateList {
  readonly #account: string
  /** By name and language; `null` before the first answer. */
  templates: readonly Template[] | null = null
  error: RequestError | null = null
  isLoading = false

  constructor(account: string) {
    this.#account = account
  }

  async load({ live, set }: Pick<ConversationsFrame, 'live' | 'set'>, refresh = false): Promise<void> {
    this.isLoading = true
    this.error = null
    const account = this.#account
    await live.read(async (client) => {
      try {
        const { templates } = await client.request('templates.list', {
          account,
          ...(refresh && { refresh }),
        })
        this.templates = templates
      } catch (cause) {
        this.error = toRequestError(cause)
      }
    })
    this.isLoading = false
    set({})
  }
}

const lists = new WeakMap<AccountConversations, TemplateList>()

/** Those of the account that is shown, being read where nobody has asked for them yet. */
export function templateListOf(frame: ConversationsFrame): TemplateList {
  const known = lists.get(frame.shown)
  if (known !== undefined) return known
  const list = new TemplateList(frame.account.account)
  lists.set(frame.shown, list)
  void list.load(frame)
  return list
}

/** Under which a template is known here; one name may be there in several languages. */
export function templateKey({ name, language }: Template): string {
  return `${name} ${language}`
}
