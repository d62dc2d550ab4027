import type { KeyPair } from '@whiskeysockets/baileys'

/** Somebody of whom only the LID is known. */
export const CAROL = '+15550000005'
export const DORA = '+15550000006'
/** Asks for access. */
export const EVE = '+15550000007'
/** The model of Dora's choice. */
export const CHOSEN_MODEL = 'iris'

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
  /** The numbers of the config; without it Alice's and Dora's. */
  allowFrom?: string[]
  /** JID of the group in which was written. */
  group: string
  /** The reply that WhatsApp refused. */
  failedId: string
  /** The reply that was on its way. */
  queuedId: string
  /** The questions that still get an answer, in their order. */
  unanswered: { alice: string[]; dora: string[] }
  /** Who asked for access, with which code; missing in files older than such requests. */
  request?: { phoneNumber: string; code: string }
  /** The model that Dora chose; missing in files older than such choices. */
  model?: string
  /** What Alice sent that could not be read; missing in files older than that, in which it was a picture. */
  unreadable?: string
  /** Where the file stood: its last valid copy is named for that path. */
  configPath: string
}
