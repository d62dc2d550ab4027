import type { Context } from 'hono'
import { z } from 'zod'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { Simulator } from '../simulator.ts'

const MAX_BODY_BYTES = 256 * 1024

/** A request that cannot be fulfilled, and why, for the person who made it. */
export class FaceError extends Error {
  readonly status: 400 | 404

  constructor(status: 400 | 404, text: string) {
    super(text)
    this.status = status
  }
}

/** The phone with this number, with or without the plus. Throws `FaceError`. */
export function phoneOf(simulator: Simulator, number: string): SimulatedPhone {
  const found = simulator.phone(number.startsWith('+') ? number : `+${number}`)
  if (found === undefined) throw new FaceError(404, `no phone has the number ${number}`)
  return found
}

/** What the request says, as `schema` has it; an empty body is `{}`. Throws `FaceError`. */
export async function body<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const raw = await context.req.text()
  if (raw.length > MAX_BODY_BYTES) throw new FaceError(400, 'the request is too large')
  const parsed = schema.safeParse(parseJson(raw))
  if (!parsed.success) throw new FaceError(400, z.prettifyError(parsed.error))
  return parsed.data
}

function parseJson(raw: string): unknown {
  try {
    return raw === '' ? {} : JSON.parse(raw)
  } catch {
    throw new FaceError(400, 'the request is not JSON')
  }
}
