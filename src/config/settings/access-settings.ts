import { z } from 'zod'
import { entryList } from '../read/people/entry-list.ts'
import { member, setting } from './setting.ts'
import { count, flag, nameText, phoneNumber, text } from './value-schemas.ts'
import { instructions } from './instructions.ts'

/** Numbers, of which one that is none still says that somebody is named. */
const numberList = entryList(z.array(phoneNumber), { substitute: '' })

const agent = member(text, { description: 'The agent that answers, an id of `agents`.', example: 'echo' })

const senderSchema = z.strictObject({
  agent,
  name: member(nameText, {
    description: 'A name that agents and events call them by, instead of the one given on WhatsApp.',
    example: 'Alice',
  }),
})

/** With the keys that other tools keep for a group. */
const groupSchema = z.strictObject({
  enabled: member(flag, {
    description: 'Whether anything of the group is read.',
    default: true,
    example: true,
  }),
  allowFrom: member(numberList, {
    description:
      'Who may write there, as in `allowFrom`, instead of those of `groupAllowFrom` and `allowFrom`; an empty list is nobody. Without it those.',
    example: ['+15555550101'],
  }),
  requireMention: member(flag, {
    description: 'Whether only messages that mention the assistant are answered.',
    default: true,
    example: true,
  }),
  agent,
  systemPrompt: instructions('What the agent is told about this group, besides its own prompt.'),
  historyLimit: member(count.max(1_000), {
    description: 'Messages of context that an agent gets there; without it `historyLimit` of the account.',
    example: 20,
  }),
  skills: z.unknown().optional(),
  tools: z.unknown().optional(),
  toolsBySender: z.unknown().optional(),
})

/** Who may talk to the assistant. */
export const accessSettings = {
  dmPolicy: setting(z.enum(['allowlist', 'pairing', 'observe', 'open', 'disabled', 'closed']), {
    description:
      'Who may write directly: those in `allowFrom`, everybody (`open`, which needs `allowFrom: ["*"]`) or nobody (`disabled`, or `closed`); then `allowFrom` also allows nobody in groups, unless groups are named. `pairing` is `allowlist`, and somebody else who writes is sent one code with which they can be allowed; the list may be empty then. `observe` keeps what those in `allowFrom` write, and answers nobody. Without this key it is `allowlist`, also in files of other tools.',
    default: 'allowlist',
    example: 'allowlist',
    remote: true,
  }),
  allowFrom: setting(numberList, {
    description:
      "Who may talk to the assistant: phone numbers, in any usual notation with the country code. Where WhatsApp knows a number in another form (Mexico's 1, Brazil's ninth digit, Argentina's 9, Benin, Côte d'Ivoire), it is asked which; either form can stand here. A number that no numbering plan knows counts by WhatsApp's own address of it, `999123456789@s.whatsapp.net`, which the card writes where such a sender is allowed. Somebody whose number WhatsApp hides is named by WhatsApp's own id of them, `lid:123456789012345`, on a Business number `bsuid:AT.98aZ`: the card and `message.blocked` show it. An account with a list of its own has only that one.",
    default: [],
    example: ['+15555550101', '+1 (555) 555-0102'],
    remote: true,
  }),
  senders: setting(z.record(z.string(), senderSchema), {
    description:
      'Per phone number, in any notation, or id (`lid:…`, `bsuid:…`): which agent answers, and a name. In a group whose own settings name an agent, that one answers.',
    default: {},
    example: { '+15555550101': { agent: 'echo', name: 'Alice' } },
    remote: true,
  }),
  groupPolicy: setting(z.enum(['allowlist', 'observe', 'open', 'disabled']), {
    description:
      'Who is answered in groups: senders on a list (`allowlist`), everybody (`open`) or nobody (`disabled`). `observe` keeps what those on the list write, and answers nobody.',
    default: 'allowlist',
    example: 'disabled',
    remote: true,
  }),
  groupAllowFrom: setting(numberList, {
    fallback: null,
    description:
      'Who is answered in groups: numbers and ids (`lid:…`, `bsuid:…`) are senders, addresses such as `120363000000000000@g.us` are groups. Without senders, `allowFrom` holds for senders; an empty list answers nobody. Where groups are named, here or in `groups`, no other one is read. `"*"` needs `groupPolicy: "open"`.',
    example: ['+15555550101'],
    remote: true,
  }),
  groups: setting(z.record(z.string(), groupSchema), {
    description:
      'Per group address, or "*" for all: whether it is read, who may write there, whether a mention of the account, or a reply to it, is needed, which agent answers, and what it is told about the group. What needs no answer is context for the agent.',
    default: {},
    example: { '*': { requireMention: true } },
    remote: true,
  }),
  selfChatMode: setting(flag, {
    fallback: null,
    description:
      "Whether the chat with yourself is answered: always (`true`), or never (`false`). Without it, it is where the account's own number is among those that are allowed.",
    example: true,
    remote: true,
    control: {
      kind: 'switch',
      label: 'Answer the chat with yourself',
      hint: 'Notes that you send to your own number are answered, whatever the list says.',
      needs: 'selfChat',
    },
  }),
}
