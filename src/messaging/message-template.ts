/** A message that WhatsApp has approved, with places for variables. It may be sent to people who have not written lately. */
export interface MessageTemplate {
  name: string
  /** As WhatsApp writes it: `de`, `en_US`. */
  language: string
  /** In lower case: `marketing`, `utility`, `authentication`, or another word of WhatsApp's. */
  category: string
  /** The words, with the places for variables as `{{name}}` or `{{1}}`. */
  body: string
  header: TemplateHeader | null
  footer: string | null
  buttons: readonly TemplateButton[]
  /**
   * Those of header and body, in the order of their places: each needs a value. `name` is a number where they have positions; of a header
   * that shares its number with the body `header.1`.
   */
  variables: readonly TemplateVariable[]
}

export type TemplateHeader =
  | { kind: 'text'; text: string }
  /** A file that is given with each message. */
  | { kind: 'image' | 'video' | 'document' }
  /** Another kind, which cannot be filled here. */
  | { kind: 'other' }

export interface TemplateVariable {
  name: string
  place: 'header' | 'body'
  isNamed: boolean
  /** What its author gave as an example. */
  example: string | null
}

export interface TemplateButton {
  /** Its place among the buttons, from 0. */
  index: number
  kind: 'reply' | 'url' | 'phone' | 'code' | 'other'
  title: string
  /** Whether a value must be given for it: the end of its address, or a code. */
  needsValue: boolean
}

/** A part of a template that is filled in for one message. */
export type TemplateComponent =
  | { kind: 'header' | 'body'; parameters: readonly TemplateParameter[] }
  | { kind: 'button'; index: number; button: 'url' | 'reply' | 'code'; value: string }

export type TemplateParameter =
  /** `name`: `null` where variables have positions, in the order of the list. */
  | { kind: 'text'; name: string | null; text: string }
  /** `link`: an https address from which WhatsApp fetches it. */
  | { kind: 'image' | 'video' | 'document'; link: string; fileName: string | null }

/** The templates of an account, as WhatsApp has them. */
export interface TemplateSource {
  /**
   * All that may be sent, 1,000 at most, no older than ten minutes; asked anew with `refresh`. Rejects with `DaemonError` where they
   * cannot be had.
   */
  list(options?: { refresh?: boolean }): Promise<readonly MessageTemplate[]>
  /** The names of those that are known without a question; none before `list`. */
  readonly knownNames: readonly string[]
}
