import type { ContactField } from '../state/contact-fields.ts'
import type { ConversationsText } from './conversations-texts.ts'

const LABELS: Readonly<Record<string, ConversationsText>> = {
  name: 'name',
  email: 'e-mail',
  company: 'company',
  notes: 'notes',
}

/** What people read for a field: the label of the config, else a word of the view, else its name. */
export function contactFieldLabel(
  say: (text: ConversationsText) => string,
  { name, label }: ContactField,
): string {
  const word = Object.hasOwn(LABELS, name) ? LABELS[name] : undefined
  return label ?? (word === undefined ? name : say(word))
}
