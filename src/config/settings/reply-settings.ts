import { z } from 'zod'
import { contactFieldNameSchema } from '../../protocol/conversations/contact-field.ts'
import { member, requiredMember, setting } from './setting.ts'
import { count, flag, nameText, positive, text } from './value-schemas.ts'

/** Longer than any name, and than any emoji of several people. */
const MAX_EMOJI_LENGTH = 64
/** That the config declares. */
const MAX_CONTACT_FIELDS = 20

const ackReaction = z.strictObject({
  emoji: member(text.max(MAX_EMOJI_LENGTH), {
    description:
      'A character, or a name such as `eyes`, `thumbs_up` or `white_check_mark`; empty for no reaction.',
    default: '',
    example: 'eyes',
  }),
  direct: member(flag, { description: 'In direct chats.', default: true, example: true }),
  group: member(z.enum(['mentions', 'always', 'never']), {
    description:
      'In groups: to what mentions the account or replies to it, to everything that is answered there, or never.',
    default: 'mentions',
    example: 'never',
  }),
  removeAfterReply: member(flag, {
    description: 'Whether it goes away when the answer is there.',
    default: false,
    example: true,
  }),
})

/** How messages are taken and answered. What is in force is worked out from this alone: see `plainSettings`. */
export const replySettings = {
  sendReadReceipts: setting(flag, {
    description: 'Whether allowed senders see that their message was read.',
    default: true,
    example: true,
    remote: true,
    control: {
      kind: 'switch',
      label: 'Read receipts',
      hint: 'Allowed people see that their message was read.',
    },
  }),
  typing: setting(flag, {
    description:
      'Whether allowed senders see "typing…" while the assistant works. A Business number cannot show it without marking what they wrote as read: there it also needs `sendReadReceipts`.',
    default: true,
    example: true,
    remote: true,
  }),
  ackReaction: setting(ackReaction, {
    description:
      'A reaction that says "seen" to what will be answered. It goes out only while half of `pace` is free, so that answers never wait for it; commands get none.',
    example: { emoji: 'eyes' },
    remote: true,
    control: { member: 'emoji', kind: 'text', label: 'Reaction that says “seen” (empty for none)' },
  }),
  messagePrefix: setting(text.max(500), {
    fallback: '',
    description: 'Put before every outgoing message, literally: end it with a space where one is wanted.',
    example: '🤖 ',
    remote: true,
  }),
  responsePrefix: setting(text.max(500), {
    fallback: '',
    description: "Put before the first message of each of the assistant's replies, literally.",
    example: 'Assistant: ',
    remote: true,
  }),
  textChunkLimit: setting(z.number().int().min(100).max(60_000), {
    description:
      'The longest message, in characters; longer replies are split. A WhatsApp Business number has 4096 at most, and where nothing is said.',
    default: 4000,
    example: 4000,
    remote: true,
  }),
  chunkMode: setting(z.enum(['length', 'newline']), {
    description:
      'Where long replies are split: at the limit, or at paragraphs and lines where there are some. A WhatsApp Business number splits at the limit where nothing is said, into as few messages as possible.',
    default: 'newline',
    example: 'newline',
    remote: true,
  }),
  blockStreaming: setting(flag, {
    description:
      '`true` sends only whole replies; otherwise long ones go out paragraph by paragraph. A WhatsApp Business number, whose messages may cost, sends whole replies where nothing is said.',
    default: false,
    example: false,
    remote: true,
  }),
  redactOutgoing: setting(flag, {
    description:
      "Whether what is really of this sandbox is taken out of the assistant's answers: its directories (state, config, home, agents), the secrets that this file refers to, and the daemon's own tokens. `[removed]` stands in their place.",
    default: true,
    example: true,
  }),
  mediaMaxMb: setting(z.number().positive().max(2_000), {
    description: 'The largest file that is taken, and that is sent, in megabytes.',
    default: 50,
    example: 50,
    remote: true,
  }),
  media: setting(
    z.strictObject({
      keepDays: member(z.number().positive().max(3_650), {
        description: 'How long a file is kept, in days; never longer than its message.',
        default: 30,
        example: 7,
      }),
      maxDiskMb: member(z.number().positive().max(1_000_000), {
        description:
          "How much all of an account's files may take, in megabytes. The oldest go first; a larger file is not taken.",
        default: 1_000,
        example: 500,
      }),
    }),
    {
      description: 'The files of messages on the disk.',
      default: { keepDays: 30, maxDiskMb: 1_000 },
      example: { maxDiskMb: 500 },
      remote: true,
    },
  ),
  retention: setting(
    z.strictObject({
      days: member(z.number().min(1).max(3_650), {
        description: 'How long a message is kept, in days.',
        default: 90,
        example: 90,
      }),
      messagesPerConversation: member(count.min(100).max(1_000_000), {
        description:
          'How many messages of one conversation are kept, of both sides together; reactions and changes count, too. The oldest go first.',
        default: 10_000,
        example: 10_000,
      }),
    }),
    {
      description:
        'How long messages are kept, with their files and their place in the search. What is still to be answered or sent is kept in any case; of all conversations together at most 500,000 messages in each direction are kept.',
      default: { days: 90, messagesPerConversation: 10_000 },
      example: { days: 30 },
      remote: true,
    },
  ),
  historySync: setting(z.enum(['off', 'recent']), {
    description:
      'What is kept of the messages from before the account was linked, which its phone hands over at linking. `recent`: those of chats with people who may write and of groups that are read, at most `retention` of them; they are read, and never answered. What it says when the account is linked counts for that link.',
    default: 'off',
    example: 'recent',
  }),
  debounceMs: setting(count.max(60_000), {
    description:
      'How long to wait for further messages before answering, in milliseconds; what came meanwhile is answered together. 0 answers each message by itself.',
    default: 0,
    example: 0,
    remote: true,
  }),
  historyLimit: setting(count.max(1_000), {
    description:
      'Messages of context that an agent gets in groups; fewer where `historyChars` is reached before.',
    default: 50,
    example: 50,
    remote: true,
  }),
  dmHistoryLimit: setting(count.max(1_000), {
    description:
      'Messages of context that an agent gets in direct chats; fewer where `historyChars` is reached before.',
    default: 50,
    example: 50,
    remote: true,
  }),
  historyChars: setting(count.max(1_000_000), {
    description:
      'Characters of context that an agent gets: the newest messages that have no more together, and the beginning of the one before them. What is still too long for the model is shortened further when its server says so.',
    default: 24_000,
    example: 24_000,
    remote: true,
  }),
  catchUp: setting(
    z.strictObject({
      maxAgeMinutes: member(count.max(100_000), {
        description: 'In minutes; 0 answers nothing of it.',
        default: 60,
        example: 60,
      }),
    }),
    {
      description:
        'What arrived while the daemon was away is answered when it is not older than this. What is sent while the account is paused is never answered.',
      default: { maxAgeMinutes: 60 },
      example: { maxAgeMinutes: 60 },
      remote: true,
    },
  ),
  contactFields: setting(
    z
      .array(
        z.union([
          contactFieldNameSchema,
          z.strictObject({
            name: requiredMember(contactFieldNameSchema, {
              description: 'Of the field.',
              example: 'orderNumber',
            }),
            label: member(nameText.min(1), {
              description: 'What people read for it.',
              example: 'Order number',
            }),
          }),
        ]),
      )
      .max(MAX_CONTACT_FIELDS),
    {
      description:
        'What may be kept of the person behind a conversation besides `name`, `email`, `company` and `notes`: names of fields, or `{ name, label }`. A name begins with a letter and has letters, digits, `_` and `-`.',
      default: [],
      example: ['orderNumber', { name: 'birthday', label: 'Birthday' }],
    },
  ),
  takeover: setting(
    z.strictObject({
      onPhoneReply: member(flag, {
        description:
          'Whether what the owner writes on the phone does that. What they write in a dashboard, or by the API, always does.',
        default: true,
        example: true,
      }),
      minutes: member(positive.max(525_600), {
        description:
          "For how long, counted from the owner's last words there. An edit counts for chats that are taken over already, too.",
        default: 60,
        example: 60,
      }),
      groups: member(flag, {
        description: 'Whether words of the owner do that in groups, too.',
        default: false,
        example: true,
      }),
      answerMissed: member(flag, {
        description:
          "Whether the assistant, when a chat is handed back to it, answers what came since the owner's last words there and is not older than `catchUp.maxAgeMinutes`; the last 50 messages at most.",
        default: false,
        example: true,
      }),
    }),
    {
      description: 'The assistant steps back in a chat when the owner answers there by hand.',
      default: { onPhoneReply: true, minutes: 60, groups: false, answerMissed: false },
      example: { minutes: 60 },
      remote: true,
    },
  ),
  pace: setting(
    z.strictObject({
      perMinute: member(positive, { description: 'In a minute.', default: 30, example: 30 }),
      perHour: member(positive, { description: 'In an hour.', default: 300, example: 300 }),
      firstContactsPerDay: member(count.max(1_000), {
        description:
          'New people in 24 hours: those who never wrote, and whom nobody has written to (`messages.send`). 0: none.',
        default: 20,
        example: 5,
        remote: false,
      }),
    }),
    {
      description:
        'How many messages go out at most, so that WhatsApp does not take the account for a spammer. A Business number goes as fast as WhatsApp lets it, unless a rate is set here.',
      default: { perMinute: 30, perHour: 300, firstContactsPerDay: 20 },
      example: { perMinute: 30, perHour: 300 },
      remote: true,
    },
  ),
  sendToAnyone: setting(flag, {
    description:
      'Whether a program may send to people who are not allowed: with `force`, and a token that `whatsappd token --scope send,send:any` made. The limits of `pace` hold for it, too.',
    default: false,
    example: false,
  }),
}
