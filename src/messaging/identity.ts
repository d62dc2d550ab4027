/** Where a part of an identity is known from. */
type IdentityProof =
  /** The transport delivers messages from it. */
  | 'address'
  /** WhatsApp said that it belongs to the address: to a question of ours, or in an earlier message of the same sender. */
  | 'directory'

export interface IdentityPart {
  value: string
  proof: IdentityProof
}

/**
 * Who wrote, as the transport could establish it. Every part is proven; what only the message says is in `claim` and
 * `displayName`. Two identities are one person only where a part is equal.
 */
export interface SenderIdentity {
  /** The address that the transport uses for this sender. Opaque: only that transport reads it; others may compare it. */
  address: string
  /** E.164. Never derived from the digits of a LID. */
  phoneNumber?: IdentityPart | undefined
  /** WhatsApp's own id of a person who may hide the number. Opaque. */
  lid?: IdentityPart | undefined
  /** A person's id for one business: `AT.98aZ`. Opaque, and another one once the person has another number. */
  businessId?: IdentityPart | undefined
  /** The same person's id for the company that a business belongs to: `AT.ENT.77`. Opaque. */
  parentId?: IdentityPart | undefined
  /** What the sender is called, by the sender's own word. Proves nothing. */
  displayName: string | null
  /** What the message says of its sender contradicts what is known: must be denied. */
  conflict: boolean
  /** The number belongs to another WhatsApp account than when it was allowed: denied until somebody allows it again. */
  changed?: true | undefined
  /** What the message says of its sender and nothing proves yet: a sender with a claim is not allowed. */
  claim?: IdentityClaim | undefined
}

export interface IdentityClaim {
  /** The other address that the message gives for its sender. Opaque. */
  alternate: string
  /** The E.164 number that the sender has if WhatsApp confirms it. */
  phoneNumber: string
}

/** The sender's proven number in E.164; `null` while none is known. */
export function provenNumber({ phoneNumber }: Pick<SenderIdentity, 'phoneNumber'>): string | null {
  return phoneNumber?.value ?? null
}

/** The number that the sender has, or has if the claim turns out to be true; `null` where neither names one. */
export function statedNumber(sender: Pick<SenderIdentity, 'phoneNumber' | 'claim'>): string | null {
  return provenNumber(sender) ?? sender.claim?.phoneNumber ?? null
}

/** Whether the sender is who the parts say, with nothing in the message that is open or contradicts them. */
export function isProven({ claim, conflict }: Pick<SenderIdentity, 'claim' | 'conflict'>): boolean {
  return claim === undefined && !conflict
}
