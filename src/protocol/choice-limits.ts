/**
 * What WhatsApp shows of choices in one message, lengths in characters. The numbers of buttons and rows, titles of both, ids of buttons and
 * the texts are those of Meta's reference; `list.button`, `list.id`, `list.description` and `list.section` are as its clients are known to
 * cut or refuse them (not confirmed by its reference).
 */
export const CHOICE_LIMITS = {
  buttons: { count: 3, title: 20, id: 256, text: 1_024 },
  list: { count: 10, title: 24, id: 200, description: 72, button: 20, section: 24, text: 4_096 },
} as const
