/** The text of an answer; `null` where it is longer than `maxBytes`. Rejects with errors of the network, and with the signal's reason. */
export async function readBody(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  const { body } = response
  if (body === null) return ''
  const pieces: Uint8Array[] = []
  let received = 0
  // Node's stream can be iterated, which the types of the DOM do not say.
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    signal.throwIfAborted()
    received += bytes.length
    // Leaving the loop cancels the rest.
    if (received > maxBytes) return null
    pieces.push(bytes)
  }
  return Buffer.concat(pieces).toString('utf8')
}
