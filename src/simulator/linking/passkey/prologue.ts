import { proto } from '@whiskeysockets/baileys'
import type { Stanza } from '../../wire/stanza.ts'
import { bytes, child } from '../../wire/stanza.ts'
import { commitmentTo, handoffProof } from './passkey-keys.ts'

const KEY_BYTES = 32
const { PlatformType } = proto.DeviceProps
/** What may be linked with a passkey; WhatsApp refuses phones and tablets. */
const WEB_PLATFORMS: ReadonlySet<number> = new Set([
  PlatformType.CHROME,
  PlatformType.FIREFOX,
  PlatformType.IE,
  PlatformType.OPERA,
  PlatformType.SAFARI,
  PlatformType.EDGE,
  PlatformType.DESKTOP,
])

/** What the phone keeps of the client's first step. */
export interface Prologue {
  /** The client's ephemeral X25519 key. */
  publicKey: Buffer
  deviceType: number
  ref: string
  /** Whether the client has proven that it is the one whose code the phone has read: no code is compared then. */
  isProven: boolean
  isCommittedTo(nonce: Uint8Array): boolean
}

/**
 * Reads the payload of `<passkey_prologue>`, and checks its proof. A phone that knows no secret of the client ignores the
 * proof; one whose knowledge is too old refuses it. Throws where it is not as it should be.
 */
export function readPrologue(
  prologue: Stanza | undefined,
  expected: { ref: string; handoffKey: Buffer | undefined; hasHandoff: boolean },
): Prologue {
  const payload = bytes(child(prologue, 'prologue_payload'))
  const proofNode = child(prologue, 'pairing_handoff_proof')
  const { companionEphemeralIdentity, commitment } = proto.ProloguePayload.decode(payload)
  const identity = Buffer.from(companionEphemeralIdentity ?? [])
  const { publicKey, deviceType, ref } = proto.CompanionEphemeralIdentity.decode(identity)
  const hash = Buffer.from(commitment?.hash ?? [])
  if (publicKey?.length !== KEY_BYTES || hash.length !== KEY_BYTES) throw new Error('a key has a wrong size')
  if (ref !== expected.ref) throw new Error('the reference is not the one that was issued')
  if (!deviceType || !WEB_PLATFORMS.has(deviceType)) throw new Error('the platform is not one of the web')
  const proof = bytes(proofNode)
  if (proofNode !== undefined && expected.hasHandoff) {
    const { handoffKey } = expected
    if (handoffKey === undefined || !handoffProof(handoffKey, payload).equals(proof))
      throw new Error('the proof is wrong')
  }
  return {
    publicKey: Buffer.from(publicKey),
    deviceType,
    ref,
    isProven: proofNode !== undefined && expected.hasHandoff,
    isCommittedTo: (nonce) => nonce.length === KEY_BYTES && commitmentTo(identity, nonce).equals(hash),
  }
}
