import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { Simulator } from '../simulator.ts'
import { body, FaceError, phoneOf } from './face-request.ts'
import { addMediaRoutes } from './media-routes.ts'
import { addPasskeyRoutes } from './passkey-routes.ts'
import { linkedOrAsked } from './linked-or-asked.ts'
import { newFace } from './new-face.ts'
import { simulatorState } from './state-view.ts'

const newPhone = z.object({ phoneNumber: z.string(), name: z.string().min(1).max(100) })
const scan = z.object({ qr: z.string().min(1).max(4096) })
const code = z.object({ code: z.string().min(1).max(20) })
const message = z.object({ to: z.string(), text: z.string().min(1).max(65_536) })
const selfMessage = message.pick({ text: true })
const typing = z.object({ to: z.string(), isTyping: z.boolean() })
const newGroup = z.object({ subject: z.string().min(1).max(100), members: z.array(z.string()).min(1) })
const removal = z.object({ deviceId: z.number().int().optional() })

/**
 * The simulator over HTTP, for the demo page: its state, live, and what a person can do on a phone. Guarded as `newFace` says.
 */
export function httpFace(simulator: Simulator): Hono {
  const face = newFace({
    state: () => simulatorState(simulator, Date.now()),
    onChange: (listener) => simulator.onChange(listener),
    onStop: (listener) => simulator.onStop(listener),
  })
  face.post('/phones', async (context) => {
    const { phoneNumber } = simulator.createPhone(await body(context, newPhone))
    return context.json({ phoneNumber }, 201)
  })
  face.post('/groups', async (context) => {
    const { subject, members } = await body(context, newGroup)
    const { jid } = simulator.createGroup({
      subject,
      members: members.map((number) => phoneOf(simulator, number)),
    })
    return context.json({ jid }, 201)
  })
  addPhoneRoutes(face, simulator)
  addPasskeyRoutes(face, simulator)
  addMediaRoutes(face, simulator)
  return face
}

function addPhoneRoutes(face: Hono, simulator: Simulator): void {
  const phone = (context: Context): SimulatedPhone => phoneOf(simulator, context.req.param('number') ?? '')
  face.post('/phones/:number/scan', async (context) => {
    const [owner, { qr }] = [phone(context), await body(context, scan)]
    return linkedOrAsked(context, simulator, owner, owner.scan(qr))
  })
  face.post('/phones/:number/code', async (context) => {
    const [owner, typed] = [phone(context), await body(context, code)]
    return linkedOrAsked(context, simulator, owner, owner.enterCode(typed.code))
  })
  face.post('/phones/:number/messages', async (context) => {
    const { to, text } = await body(context, message)
    const group = simulator.group(to)
    const writer = phone(context)
    const { id } = await (group ? writer.sendGroupText(group, text) : writer.sendText(to, text))
    return context.json({ id }, 201)
  })
  face.post('/phones/:number/self', async (context) => {
    const { id } = await phone(context).sendToSelf((await body(context, selfMessage)).text)
    return context.json({ id }, 201)
  })
  face.post('/phones/:number/typing', async (context) => {
    const { to, isTyping } = await body(context, typing)
    await phone(context).setTyping(to, isTyping)
    return context.body(null, 204)
  })
  face.post('/phones/:number/remove-companion', async (context) => {
    const { deviceId } = await body(context, removal)
    const owner = phone(context)
    const companion = owner.companions.find((each) => deviceId === undefined || each.deviceId === deviceId)
    if (companion === undefined) throw new FaceError(404, 'this phone has no such linked device')
    await owner.removeCompanion(companion)
    return context.body(null, 204)
  })
}
