import { z } from 'zod'

/** What a live ceremony waits for: a signature, the phone, a comparison of codes, WhatsApp's confirmation. */
const PASSKEY_STEPS = ['challenge', 'sent', 'code', 'confirming'] as const

export type PasskeyStep = (typeof PASSKEY_STEPS)[number]

/** How far linking with a passkey is. Scope `link` only. */
export const passkeyStateSchema = z.object({
  step: z
    .enum(PASSKEY_STEPS)
    .describe(
      '`challenge`: a person signs in a browser; `sent`: the phone has to continue; `code`: a person compares the code with the one on the phone; `confirming`: WhatsApp finishes.',
    ),
  ceremonyId: z.string().min(1).max(64).describe('Random, of this one ceremony. Answers name it.'),
  expiresAt: z.iso.datetime().describe('When this step ends, and the attempt with it.'),
  code: z
    .string()
    .length(8)
    .optional()
    .describe('In step `code`: what the phone shows too, as two groups of four characters.'),
})

/** The same with what has to be signed. Never stored, logged or replayed. */
export const passkeyCeremonySchema = passkeyStateSchema.extend({
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "In step `challenge`: WhatsApp's WebAuthn request options, as `PublicKeyCredential.parseRequestOptionsFromJSON` takes them. Absent for the moment in which they are being fetched.",
    ),
})

/** A ceremony as a transport knows it: it does not know which account it links. */
export type PasskeyCeremony = z.infer<typeof passkeyCeremonySchema>

/** What a browser returned for a ceremony, as it came. */
export interface PasskeyAnswer {
  ceremonyId: string
  assertion: string | Record<string, unknown>
}

/** Longest answer of a browser, in characters of its JSON. */
export const MAX_ASSERTION_LENGTH = 16 * 1_024
