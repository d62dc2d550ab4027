/** A text that Meta has approved, or not yet. */
export interface Template {
  id: string
  name: string
  /** Such as `en_US`. */
  language: string
  category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'
  status: 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED'
  rejectedReason?: string | undefined
  /** As Meta lists them; `{{1}}` or `{{name}}` stand for what is filled in. */
  components: TemplateComponent[]
}

interface TemplateComponent {
  type: 'HEADER' | 'BODY' | 'FOOTER' | 'BUTTONS'
  format?: 'TEXT' | 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'LOCATION'
  text?: string
  /** Of header and body, in the order of their numbers. */
  example?: { header_text?: string[]; body_text?: string[][] }
  buttons?: {
    type: 'QUICK_REPLY' | 'URL' | 'PHONE_NUMBER' | 'COPY_CODE'
    text: string
    url?: string
    phone_number?: string
  }[]
}

/** What has to be filled in, in order: numbers, or names. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([\w]+)\s*\}\}/g)].map(([, name = '']) => name))]
}
