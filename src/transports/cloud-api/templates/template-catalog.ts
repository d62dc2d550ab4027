import type { Logger } from 'pino'
import type { MessageTemplate, TemplateSource } from '../../../messaging/message-template.ts'
import { DaemonError } from '../../../protocol/errors.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import type { GraphClient } from '../graph/graph-client.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'
import { problemSentence } from '../graph/problem-sentences.ts'
import { readTemplatePage } from './read-templates.ts'

const FRESH_MS = 10 * 60_000
const PAGE_SIZE = 100
const MAX_PAGES = 10
const TIMEOUT_MS = 20_000
/** What Meta says of each (`message-templates`). */
const FIELDS = 'name,language,status,category,parameter_format,components'

/** Whose templates are meant. */
interface TemplateOwner {
  provider: 'meta' | '360dialog'
  phoneNumberId: string
  businessAccountId: string | null
}

export interface TemplateCatalogDependencies {
  /** As it is now; `null` where no number is connected. */
  owner: () => TemplateOwner | null
  graph: Pick<GraphClient, 'call'>
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
}

interface Listed {
  templates: readonly MessageTemplate[]
  at: number
  /** Whose they are. */
  of: string
}

/** The approved templates of a business account, as Meta or 360dialog lists them: at most 1,000, kept for ten minutes. */
export class TemplateCatalog implements TemplateSource {
  readonly #deps: TemplateCatalogDependencies
  #listed: Listed | null = null
  /** How many changes webhooks told of. */
  #changes = 0
  #asking: { of: string; answer: Promise<readonly MessageTemplate[]> } | null = null

  constructor(deps: TemplateCatalogDependencies) {
    this.#deps = deps
  }

  get knownNames(): readonly string[] {
    const owner = this.#deps.owner()
    const listed = this.#listed
    if (owner === null || listed?.of !== accountOf(owner)) return []
    return [...new Set(listed.templates.map(({ name }) => name))]
  }

  async list({ refresh = false }: { refresh?: boolean } = {}): Promise<readonly MessageTemplate[]> {
    const { now } = this.#deps
    const { of, path } = this.#account()
    const listed = this.#listed
    const age = listed === null ? Number.POSITIVE_INFINITY : Math.abs(now() - listed.at)
    if (listed !== null && listed.of === of && !refresh && age < FRESH_MS) return listed.templates
    if (this.#asking?.of !== of) {
      const answer = this.#ask(of, path).finally(() => {
        this.#asking = null
      })
      this.#asking = { of, answer }
    }
    try {
      return await this.#asking.answer
    } catch (error) {
      // What was known a while ago is better than nothing while Meta cannot be reached.
      const isAway =
        error instanceof DaemonError && (error.code === 'not_connected' || error.code === 'rate_limited')
      if (isAway && !refresh && this.#listed?.of === of) return this.#listed.templates
      throw error
    }
  }

  /** A webhook (`message_template_status_update`) said that a template is paused, rejected, approved again, …: the next `list` asks anew. */
  statusChanged(value: unknown): void {
    if (!isRecord(value)) return
    this.#changes += 1
    if (this.#listed === null) return
    const { message_template_name: name, message_template_language: language, event } = value
    // What may not be sent any more is gone at once; what may be again is found by asking.
    const templates = this.#listed.templates.filter(
      (template) => event === 'APPROVED' || template.name !== name || template.language !== language,
    )
    this.#listed = { ...this.#listed, templates, at: Number.NEGATIVE_INFINITY }
  }

  #account(): { of: string; path: string } {
    const known = this.#deps.owner()
    if (known === null) throw new DaemonError('not_connected', { action: 'Connect the number first.' })
    const { provider, phoneNumberId, businessAccountId } = known
    if (provider === 'meta' && businessAccountId === null)
      throw new DaemonError('misconfigured', {
        message:
          'The templates belong to the business account, and its id is not known (cloudApi.businessAccountId).',
        action:
          'Set cloudApi.businessAccountId in the config file; it stands in the WhatsApp Manager of Meta.',
      })
    return { of: accountOf(known), path: `${businessAccountId ?? phoneNumberId}/message_templates` }
  }

  async #ask(of: string, path: string): Promise<readonly MessageTemplate[]> {
    const { graph, logger, now } = this.#deps
    const changes = this.#changes
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const templates: MessageTemplate[] = []
    let after: string | null = null
    let count = 0
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await graph.call({
        method: 'GET',
        path,
        ends: 'token',
        query: {
          fields: FIELDS,
          limit: String(PAGE_SIZE),
          ...(after !== null && { after }),
          ...(page > 0 && of.startsWith('360dialog') && { offset: String(count) }),
        },
        signal,
      })
      if (!answer.ok) throw refused(answer.problem)
      const read = readTemplatePage(answer.body)
      if (read === null) {
        logger.warn('what WhatsApp answered is no list of templates')
        throw new DaemonError('not_connected', {
          message: 'WhatsApp answered with something that is no list of templates.',
        })
      }
      templates.push(...read.templates)
      count += read.count
      after = read.after
      const isLast = of.startsWith('360dialog') ? read.count !== PAGE_SIZE : after === null
      if (isLast) break
    }
    templates.sort((one, other) => compare(one.name, other.name) || compare(one.language, other.language))
    // What changed while Meta was asked may be missing in its answer: the next `list` asks anew.
    this.#listed = { templates, at: changes === this.#changes ? now() : Number.NEGATIVE_INFINITY, of }
    return templates
  }
}

/** Whose the templates are; 360dialog knows the account by the key. */
function accountOf({ provider, phoneNumberId, businessAccountId }: TemplateOwner): string {
  return `${provider} ${businessAccountId ?? phoneNumberId}`
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function refused(problem: GraphProblem): DaemonError {
  const message = `The templates cannot be listed. ${problemSentence(problem)}`
  if (problem.kind.startsWith('rate_'))
    return new DaemonError('rate_limited', { message, action: 'Wait some minutes, and ask again.' })
  if (problem.kind === 'auth' || problem.kind === 'registration' || problem.kind === 'not_found')
    return new DaemonError('misconfigured', {
      message,
      action: 'The token needs the permission whatsapp_business_management for this business account.',
    })
  return new DaemonError('not_connected', { message, action: 'Try again in a minute.' })
}
