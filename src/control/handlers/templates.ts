import type { ConfigSource } from '../../config/model.ts'
import type { MessageTemplate } from '../../messaging/message-template.ts'
import { MAX_LISTED_TEMPLATES, type TemplateView } from '../../protocol/methods/templates.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { cleanLine, cutText, printableText } from '../../text/bounded-text.ts'
import type { AccountsPort } from '../ports.ts'
import type { NamespaceHandlers } from './handler.ts'
import { resolveAccount } from './resolve-account.ts'

export interface TemplatesHandlerDeps {
  accounts: AccountsPort
  config: ConfigSource
}

export function templatesHandlers({
  accounts,
  config,
}: TemplatesHandlerDeps): NamespaceHandlers<'templates'> {
  return {
    'templates.list': async ({ account: asked, refresh }) => {
      const account = resolveAccount(config.current, asked)
      const templates = await accounts.messages(account).templates({ refresh })
      return {
        account,
        templates: templates.slice(0, MAX_LISTED_TEMPLATES).map(view),
        total: templates.length,
      }
    },
  }
}

/** Its author's words, printable and bounded; its name and language stay, because they name it. */
function view({
  name,
  language,
  category,
  body,
  header,
  footer,
  variables,
  buttons,
}: MessageTemplate): TemplateView {
  const words = (text: string): string => cutText(printableText(text), TEXT_LIMITS.sentence)
  const line = (text: string): string => cleanLine(text, TEXT_LIMITS.name)
  return {
    name,
    language,
    category: line(category),
    body: words(body),
    header: header && { kind: header.kind, text: header.kind === 'text' ? words(header.text) : null },
    footer: footer === null ? null : words(footer),
    variables: variables.map(({ name: of, place, example }) => ({
      name: of,
      place,
      example: example === null ? null : line(example),
    })),
    buttons: buttons.map((button) => ({ ...button, title: line(button.title) })),
  }
}
