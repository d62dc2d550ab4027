import type { BusinessAccount } from './business-account.ts'
import { pageOf } from './number-fields.ts'
import { type Template, variablesOf } from './template.ts'

const PAGE_SIZE = 25

/** `GET /<account>/message_templates`, page by page; `status`, `name` and `language` choose among them. */
export function listTemplates(account: BusinessAccount, query: URLSearchParams): object {
  const [status, name, language] = ['status', 'name', 'language'].map((key) => query.get(key))
  const chosen = account.templates.filter(
    (template) =>
      (status === null || template.status === status) &&
      (name === null || template.name.includes(name ?? '')) &&
      (language === null || template.language === language),
  )
  const { page, paging } = pageOf(chosen, query, PAGE_SIZE)
  const data = page.map(({ rejectedReason, ...template }) => ({
    ...template,
    parameter_format: hasNames(template) ? 'NAMED' : 'POSITIONAL',
    ...(rejectedReason === undefined ? {} : { rejected_reason: rejectedReason }),
  }))
  return { data, ...paging }
}

function hasNames({ components }: Pick<Template, 'components'>): boolean {
  return components.some(({ text = '' }) => variablesOf(text).some((name) => !/^\d+$/.test(name)))
}
