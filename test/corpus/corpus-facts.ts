import type { KeyPair } from '@whiskeysockets/baileys'

/** Somebody of whom only the LID is known. */
export const CAROL = '+15550000005'
export const DORA = '+15550000006'

/** Its owner's phone signed the recorded device, so a simulator must give it the same identity again. */
export const OWNER_IDENTITY: KeyPair = {
  private: Buffer.from('1866013b2be4e1825fc5c2eb8cea2347021e82bf1e37f669640b9f8c2a1d6143', 'hex'),
  public: Buffer.from('17c145d804b51bbb2969161d5ea82cdec0a3185b2cc3aa1f9c98f4a8a3993c38', 'hex'),
}

export const FACTS_FILE = 'facts.json'

interface Person {
  phoneNumber: string
  lid: string
}

/** What a recorded state holds, for the test that opens it. */
export interface CorpusFacts {
  /** ISO 8601 UTC. */
  recordedAt: string
  owner: Person
  alice: Person
  dora: Person
  /** JID of the group in which was written. */
  group: string
  /** The reply that WhatsApp refused. */
  failedId: string
  /** The reply that was on its way. */
  queuedId: string
  /** The questions that still get an answer, in their order. */
  unanswered: { alice: string[]; dora: string[] }
  /** Where the file stood: its last valid copy is named for that path. */
  configPath: string
}
