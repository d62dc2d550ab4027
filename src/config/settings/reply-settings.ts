import { z } from 'zod'
import { member, setting } from './setting.ts'
import { count, flag, positive, text } from './value-schemas.ts'

const later = { hasEffect: false } as const
/** Longer than any name, and than any emoji of several people. */
const MAX_EMOJI_LENGTH = 64

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
    description: 'Whether allowed senders see "typing…" while the assistant works.',
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
    description: 'The longest message, in characters; longer replies are split.',
    default: 4000,
    example: 4000,
    remote: true,
  }),
  chunkMode: setting(z.enum(['length', 'newline']), {
    description:
      'Where long replies are split: at the limit, or at paragraphs and lines where there are some.',
    default: 'newline',
    example: 'newline',
    remote: true,
  }),
  blockStreaming: setting(flag, {
    description: '`true` sends only whole replies; otherwise long ones go out paragraph by paragraph.',
    default: false,
    example: false,
    remote: true,
  }),
  mediaMaxMb: setting(z.number().positive().max(2_000), {
    description: 'The largest file that is taken, in megabytes.',
    default: 50,
    example: 50,
    remote: true,
    ...later,
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
  takeover: setting(
    z.strictObject({
      onPhoneReply: member(flag, {
        description: 'Whether a reply typed on the phone does that.',
        default: true,
        example: true,
      }),
      minutes: member(positive, { description: 'For how long.', default: 60, example: 60 }),
    }),
    {
      description: 'The assistant steps back when the owner answers by hand.',
      default: { onPhoneReply: true, minutes: 60 },
      example: { minutes: 60 },
      remote: true,
      ...later,
    },
  ),
  pace: setting(
    z.strictObject({
      perMinute: member(positive, { description: 'In a minute.', default: 30, example: 30 }),
      perHour: member(positive, { description: 'In an hour.', default: 300, example: 300 }),
    }),
    {
      description:
        'How many messages go out at most, so that WhatsApp does not take the account for a spammer.',
      default: { perMinute: 30, perHour: 300 },
      example: { perMinute: 30, perHour: 300 },
      remote: true,
    },
  ),
}
