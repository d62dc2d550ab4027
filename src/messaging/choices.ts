/** What a person may tap to answer; counts and lengths: `CHOICE_LIMITS`. Ids come back with the answer, each is another one. */
export type Choices =
  | { kind: 'buttons'; buttons: readonly ChoiceButton[] }
  /** Behind a button that opens it. */
  | { kind: 'list'; button: string; sections: readonly ChoiceSection[] }

interface ChoiceButton {
  id: string
  title: string
}

interface ChoiceSection {
  /** `null` for a list of one section. */
  title: string | null
  rows: readonly ChoiceRow[]
}

interface ChoiceRow {
  id: string
  title: string
  description: string | null
}

/** The same as a text whose choices are numbered, for people to answer with a word or a number, and for everything that shows texts. */
export function numberedChoices(text: string, choices: Choices): string {
  const lines = choices.kind === 'buttons' ? choices.buttons.map(({ title }) => title) : listLines(choices)
  return [text, ...lines.map((line, index) => `${index + 1}. ${line}`)].join('\n')
}

function listLines({ sections }: Extract<Choices, { kind: 'list' }>): string[] {
  return sections.flatMap(({ rows }) =>
    rows.map(({ title, description }) => (description === null ? title : `${title} – ${description}`)),
  )
}
