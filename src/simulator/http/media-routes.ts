import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { Recipient } from '../phones/phone-writer.ts'
import type { SimulatedGroup } from '../server/groups/group.ts'
import type { Simulator } from '../simulator.ts'
import { cardTo } from './card-request.ts'
import { body, FaceError, phoneOf } from './face-request.ts'
import { fileOf, fileQuery, sendFile } from './file-requests.ts'

const vote = z.object({ id: z.string(), options: z.array(z.string()).max(12) })

/** Files, places, contacts and polls of the simulated phones, for the demo page and for programs. */
export function addMediaRoutes(face: Hono, simulator: Simulator): void {
  const phone = (context: Context) => phoneOf(simulator, context.req.param('number') ?? '')
  const chat = (to: string): Recipient | SimulatedGroup => simulator.group(to) ?? to
  face.post('/phones/:number/media', async (context) => {
    const { to, ...media } = fileQuery(context)
    const data = await fileOf(context)
    const { id } = await phone(context).sendMedia(chat(to), { ...media, data })
    return context.json({ id }, 201)
  })
  face.get('/phones/:number/files/:name', (context) => {
    return sendFile(context, phone(context).files.get(context.req.param('name')))
  })
  face.post('/phones/:number/cards', async (context) => {
    const { to, card: given } = await body(context, cardTo)
    const { id } = await phone(context).sendCard(chat(to), given)
    return context.json({ id }, 201)
  })
  face.post('/phones/:number/votes', async (context) => {
    const { id, options } = await body(context, vote)
    const voter = phone(context)
    const poll = [...voter.received, ...voter.sent.items].findLast((message) => message.id === id)
    if (poll === undefined) throw new FaceError(404, `this phone has no message ${id}`)
    return context.json({ id: (await voter.vote(poll, options)).id }, 201)
  })
}
