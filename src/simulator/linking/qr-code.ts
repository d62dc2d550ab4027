const KEY_BYTES = 32
const FIELDS = 5

/** The content of a QR code for linking. */
export interface LinkingQr {
  /** Names the waiting client at the server. */
  ref: string
  noiseKey: Buffer
  identityKey: Buffer
  /** Seals the device certificate; it is known only through the code. */
  advSecret: Buffer
  platformId: string
}

/** Reads a code as a phone's camera does. Throws where it is not one of WhatsApp's. */
export function parseLinkingQr(qr: string): LinkingQr {
  const fields = qr.slice(qr.indexOf('#') + 1).split(',')
  if (fields.length !== FIELDS)
    throw new Error(`not a linking code: ${fields.length} fields instead of ${FIELDS}`)
  const [ref = '', noiseKey, identityKey, advSecret, platformId = ''] = fields
  const keys = { noiseKey: decode(noiseKey), identityKey: decode(identityKey), advSecret: decode(advSecret) }
  for (const [name, key] of Object.entries(keys)) {
    if (key.length !== KEY_BYTES) throw new Error(`not a linking code: ${name} has ${key.length} bytes`)
  }
  return { ref, ...keys, platformId }
}

function decode(field: string | undefined): Buffer {
  return Buffer.from(field ?? '', 'base64')
}
