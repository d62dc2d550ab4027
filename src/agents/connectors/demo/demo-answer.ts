import type { ReplyItem, TurnAttachment } from '../../agent.ts'
import { demoPicture } from './demo-picture.ts'

/** What the demo's assistant is asked, as far as it reads it. */
export interface DemoQuestion {
  text: string
  /** What came with it. */
  attachments: readonly TurnAttachment[]
  /** How the person calls themselves. */
  name: string | null
  /** Nothing has been answered in this chat before. */
  isFirst: boolean
  isGroup: boolean
}

/** A paragraph, or a file. */
type Piece = string | ReplyItem

const TOPICS: readonly { word: RegExp; answer: () => readonly Piece[] }[] = [
  {
    word: /\b(picture|photo|image)\b/i,
    answer: () => [
      {
        type: 'media',
        kind: 'image',
        file: { data: demoPicture() },
        mimeType: 'image/png',
        name: 'sunrise.png',
        caption: 'A *sunrise*, drawn just now.',
      },
    ],
  },
  {
    word: /\b(file|document)\b/i,
    answer: () => [
      {
        type: 'media',
        kind: 'document',
        file: { data: Buffer.from('Soup: 4 EUR\nSalad: 6 EUR\nPasta: 8 EUR\n') },
        mimeType: 'text/plain',
        name: 'menu.txt',
        caption: "Today's menu, as a file.",
      },
    ],
  },
  {
    word: /\b(list|menu)\b/i,
    answer: () => [
      `## Today's menu

1. **Soup** of the day: 4 €
2. **Salad**, with or without ~~onions~~ olives: 6 €
3. *Pasta*, two ways:
   - with tomatoes
   - with pesto`,
    ],
  },
  {
    word: /\bcode\b/i,
    answer: () => [
      `This is how a program greets:

\`\`\`
for name in ["Alice", "Bob"]:
    print("Hello,", name)
\`\`\`

In a line it is \`print("Hello")\`.`,
    ],
  },
  {
    word: /\b(story|long)\b/i,
    answer: () => [
      '**The lighthouse**',
      'Every evening an old man lit the lamp, and every evening one ship answered with its horn. He never learned which one it was.',
      'One night the lamp stayed dark: he had fallen ill. The ship stopped, lowered a boat, and somebody rowed to the island to look after him.',
      '"I thought nobody saw my light," he said. "Everybody did," said the captain. "I was only the one with a horn."',
    ],
  },
]

/**
 * What the demo's assistant says, in Markdown as language models write it: an answer to one of a few words, or the question
 * again and what can be asked. Several paragraphs come one after the other. The same question has the same answer.
 */
export function demoAnswer({ text, attachments, name, isFirst, isGroup }: DemoQuestion): readonly Piece[] {
  if (attachments.length > 0) return [attachments.map(describe).join('\n\n')]
  const topic = TOPICS.find(({ word }) => word.test(text))
  if (topic !== undefined) return topic.answer()
  const quote = text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  if (!isFirst)
    return [
      `You wrote:\n${quote}\n\nAsk me for a **menu**, for **code**, for a **story**, for a **picture** or for a **file**.`,
    ]
  const who = name === null || isGroup ? '' : ` ${name}`
  return [
    `Hello${who}! You wrote:
${quote}

I am the assistant of this demo: a *short script* on this machine, without a model and without internet. Ask me for

- a **menu**: a list
- **code**: a block of it
- a **story**: a long answer, paragraph by paragraph
- a **picture** or a **file**

send me a photo, a voice message or a document,

or write \`/help\` for what the daemon itself answers.`,
  ]
}

/** A file as the assistant sees it. */
function describe({ what, name, mimeType, size, problem, transcript }: TurnAttachment): string {
  const facts = [name, mimeType, size === null ? null : `${size} bytes`].filter((fact) => fact !== null)
  const lines = [`You sent a **${what}**: ${facts.map((fact) => `\`${fact}\``).join(', ')}.`]
  if (problem) lines.push(problem)
  if (transcript) lines.push(`I heard: "${transcript.text}"`)
  return lines.join('\n')
}
