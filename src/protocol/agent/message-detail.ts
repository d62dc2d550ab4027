import { z } from 'zod'

const place = {
  latitude: z.number().min(-90).max(90).nullable().describe('Degrees, north is positive.'),
  longitude: z.number().min(-180).max(180).nullable().describe('Degrees, east is positive.'),
  name: z.string().nullable(),
  address: z.string().nullable(),
}
const money = z.object({ amount: z.number(), currency: z.string() }).nullable()
const time = z.iso.datetime().nullable().describe('UTC.')

/**
 * What a message holds beside words and files, in fields; its `text` says the same in words. Everything in it is the sender's word.
 * Further types and fields may appear.
 */
export const messageDetailSchema = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('location'),
      ...place,
      url: z.string().nullable(),
      isLive: z.boolean().describe('It was shared as one that moves; later places of it are not told.'),
      accuracy: z.number().min(0).nullable().describe('Metres.'),
    })
    .describe('A place.'),
  z
    .object({
      type: z.literal('contact'),
      name: z.string().nullable(),
      phoneNumbers: z.array(z.string()).describe('E.164 where WhatsApp names it so, otherwise as written.'),
      emails: z.array(z.string()),
      organisation: z.string().nullable(),
    })
    .describe('One card; several are several details.'),
  z.object({
    type: z.literal('poll'),
    question: z.string(),
    options: z.array(z.string()),
    choices: z
      .number()
      .int()
      .min(0)
      .nullable()
      .describe('How many may be chosen; 0 for any number, null where it is not said.'),
  }),
  z.object({
    type: z.literal('vote'),
    pollId: z.string().describe('The id of the message that is the poll.'),
    question: z.string().nullable(),
    choices: z.array(z.string()).describe('All that this person chooses now; empty: the vote is taken back.'),
  }),
  z.object({
    type: z.literal('attendance'),
    eventId: z.string().describe('The id of the message that is the event.'),
    answer: z.enum(['going', 'notGoing', 'maybe']),
    guests: z.number().int().min(0).describe('Whom this person brings.'),
  }),
  z.object({
    type: z.literal('pollResults'),
    question: z.string(),
    votes: z.array(z.object({ option: z.string(), count: z.number().int().min(0) })),
  }),
  z
    .object({
      type: z.literal('choice'),
      id: z.string().nullable().describe('Of the button or the row, as whoever offered it named it.'),
      text: z.string(),
    })
    .describe('What was chosen from buttons or a list.'),
  z
    .object({
      type: z.literal('choices'),
      button: z.string().nullable().describe('What opens the list; `null` for buttons.'),
      options: z.array(z.object({ id: z.string(), title: z.string(), description: z.string().nullable() })),
    })
    .describe('What can be tapped as an answer to a message of ours.'),
  z
    .object({ type: z.literal('template'), name: z.string(), language: z.string() })
    .describe('A message of ours was made from this template.'),
  z.object({ type: z.literal('numberRequest') }).describe('A message of ours asks for the phone number.'),
  z.object({
    type: z.literal('event'),
    name: z.string(),
    description: z.string().nullable(),
    startsAt: time,
    endsAt: time,
    isCancelled: z.boolean(),
    location: z.object(place).nullable(),
    url: z.string().nullable().describe('Of a call.'),
  }),
  z.object({
    type: z.literal('product'),
    id: z.string().nullable(),
    title: z.string(),
    description: z.string().nullable(),
    price: money,
    url: z.string().nullable(),
  }),
  z.object({
    type: z.literal('order'),
    id: z.string().nullable(),
    title: z.string(),
    itemCount: z.number().int().min(0).nullable(),
    total: money,
  }),
  z.object({
    type: z.literal('invitation'),
    to: z.enum(['group', 'channel']),
    name: z.string().nullable(),
    code: z.string().nullable().describe('Of the invitation to a group.'),
    expiresAt: time,
  }),
])

export type MessageDetail = z.infer<typeof messageDetailSchema>
