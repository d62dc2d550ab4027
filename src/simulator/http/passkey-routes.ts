import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { Simulator } from '../simulator.ts'
import { body, FaceError, phoneOf } from './face-request.ts'

const base64url = z.string().regex(/^[A-Za-z0-9_-]{1,2048}$/)
const newPasskey = z.strictObject({
  credentialId: base64url.optional(),
  publicKey: base64url.optional(),
  userHandle: base64url.optional(),
})
const signing = z.strictObject({ challenge: base64url.optional() })

/** The passkeys of a phone: makes one, takes one that a browser has made, and signs with it as that browser would. */
export function addPasskeyRoutes(face: Hono, simulator: Simulator): void {
  const phone = (context: Context): SimulatedPhone => phoneOf(simulator, context.req.param('number') ?? '')
  face.post('/phones/:number/passkeys', async (context) => {
    const { credentialId, publicKey, userHandle } = await body(context, newPasskey)
    const { passkeys } = phone(context)
    if ((credentialId === undefined) !== (publicKey === undefined))
      throw new FaceError(
        400,
        'a passkey of a browser has a credentialId and a publicKey; a new one has neither',
      )
    const { record } =
      credentialId === undefined || publicKey === undefined
        ? passkeys.create()
        : passkeys.register({
            credentialId: decode(credentialId),
            publicKey: decode(publicKey),
            userHandle: decode(userHandle ?? ''),
            signCount: 0,
          })
    return context.json(
      {
        credentialId: record.credentialId.toString('base64url'),
        publicKey: record.publicKey.toString('base64url'),
        userHandle: record.userHandle.toString('base64url'),
        privateKey: record.privateKey?.toString('base64url') ?? null,
      },
      201,
    )
  })
  face.delete('/phones/:number/passkeys', (context) => {
    phone(context).passkeys.removeAll()
    return context.body(null, 204)
  })
  face.post('/phones/:number/passkey-answer', async (context) => {
    const { challenge } = await body(context, signing)
    return context.json(phone(context).passkeys.sign(challenge === undefined ? {} : { challenge }))
  })
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}
