import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { cardTo } from '../../http/card-request.ts'
import { body, FaceError } from '../../http/face-request.ts'
import { fileOf, fileQuery, sendFile } from '../../http/file-requests.ts'
import { newFace } from '../../http/new-face.ts'
import type { BusinessPlatform } from '../business-platform.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { BusinessPerson, FileToSend } from '../people/business-person.ts'
import { businessState } from './business-state.ts'

const message = z.object({ to: z.string(), text: z.string().min(1).max(65_536) })
const choice = z.object({ id: z.string(), option: z.string() })
const leap = z.object({
  hours: z
    .number()
    .min(0)
    .max(24 * 400),
})

/** Kinds of files that WhatsApp shows in another way than the Business platform names them. */
const KINDS: Readonly<Record<string, FileToSend['kind']>> = { gif: 'video', 'video-note': 'video' }

/**
 * The simulated Graph API over HTTP, for the demo page: what its phones show, and what people do on them. The same routes as those
 * of the simulated WhatsApp, as far as they go. `leap`: sets the clock forward, in milliseconds.
 */
export function businessFace(
  platform: BusinessPlatform,
  number: BusinessNumber,
  leapBy: (milliseconds: number) => void,
): Hono {
  const face = newFace({
    state: () => businessState(platform, number),
    onChange: (listener) => platform.onChange(listener),
    onStop: (listener) => platform.onStop(listener),
  })
  face.post('/business/leap', async (context) => {
    leapBy((await body(context, leap)).hours * 3_600_000)
    return context.body(null, 204)
  })
  addPhoneRoutes(face, platform, number)
  return face
}

function addPhoneRoutes(face: Hono, platform: BusinessPlatform, number: BusinessNumber): void {
  const person = (phoneNumber: string): BusinessPerson => {
    const found = platform.people.find((each) => each.phoneNumber === phoneNumber)
    if (found === undefined) throw new FaceError(404, `no phone has the number ${phoneNumber}`)
    return found
  }
  const writer = (context: Context): BusinessPerson => person(context.req.param('number') ?? '')
  face.post('/phones/:number/messages', async (context) => {
    const { to, text } = await body(context, message)
    const { id } =
      context.req.param('number') === number.phoneNumber
        ? platform.businessApp(number).write(person(to), text)
        : writer(context).write(number, text)
    return context.json({ id }, 201)
  })
  face.post('/phones/:number/choices', async (context) => {
    const { id, option } = await body(context, choice)
    return context.json({ id: writer(context).choose(number, option, id).id }, 201)
  })
  face.post('/phones/:number/share-number', (context) =>
    context.json({ id: writer(context).shareNumber(number).id }, 201),
  )
  face.post('/phones/:number/media', async (context) => {
    const { kind, mimeType, name, caption } = fileQuery(context)
    const data = await fileOf(context)
    const sent = writer(context).sendFile(number, {
      kind: KINDS[kind] ?? fileKind(kind),
      mimeType,
      name,
      caption,
      data,
    })
    return context.json({ id: sent.id }, 201)
  })
  face.post('/phones/:number/cards', async (context) => {
    const { card } = await body(context, cardTo)
    if (card.kind === 'poll') throw new FaceError(400, 'a business gets no polls')
    const { id } =
      card.kind === 'contacts'
        ? writer(context).sendContacts(number, card.people)
        : writer(context).sendLocation(number, placeOf(card))
    return context.json({ id }, 201)
  })
  face.get('/phones/:number/files/:name', (context) => {
    const name = context.req.param('name')
    const file = writer(context)
      .chatWith(number)
      .messages.flatMap((each) => each.file ?? [])
      .find(({ bytes }) => createHash('sha256').update(bytes).digest('hex') === name)
    return sendFile(context, file?.bytes)
  })
}

/** What is left of the kinds once those of `KINDS` are taken. */
function fileKind(kind: string): FileToSend['kind'] {
  // The request was checked for the kinds.
  return kind as FileToSend['kind']
}

function placeOf(card: {
  latitude: number
  longitude: number
  name?: string | undefined
  address?: string | undefined
}) {
  const { latitude, longitude, name, address } = card
  return {
    latitude,
    longitude,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  }
}
