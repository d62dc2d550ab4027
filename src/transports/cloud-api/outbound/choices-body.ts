import type { Choices } from '../../../messaging/choices.ts'

type Json = Readonly<Record<string, unknown>>

/** What is posted for words with something to tap as an answer (Meta, "Interactive messages"). */
export function choicesBody(text: string, choices: Choices): Json {
  const body = { text }
  if (choices.kind === 'buttons') {
    const buttons = choices.buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } }))
    return { type: 'interactive', interactive: { type: 'button', body, action: { buttons } } }
  }
  const sections = choices.sections.map(({ title, rows }) => ({
    ...(title !== null && { title }),
    rows: rows.map(({ id, title: row, description }) => ({
      id,
      title: row,
      ...(description !== null && { description }),
    })),
  }))
  return {
    type: 'interactive',
    interactive: { type: 'list', body, action: { button: choices.button, sections } },
  }
}

/** What is posted to ask a person for their phone number with one tap (Meta, "Business-scoped user ids"). */
export function numberRequestBody(text: string): Json {
  const interactive = {
    type: 'request_contact_info',
    body: { text },
    action: { name: 'request_contact_info' },
  }
  return { type: 'interactive', interactive }
}
