/** What the benchmark asks of the process that plays WhatsApp and its phones. */
export interface SimulatorRequests {
  /** Gives phones to the owner and to these people. */
  start: { params: { contacts: readonly string[] }; result: ServerAddress }
  /** Gives phones to further people. */
  addPhones: { params: { numbers: readonly string[] }; result: null }
  /** The owner's phone scans, or that of `phoneNumber`; resolves when the phone has accepted. */
  scan: { params: { qr: string; phoneNumber?: string }; result: null }
  /** One message at a time: the next one goes out when the reply to the last one is readable on the phone. */
  converse: { params: { messages: number }; result: Conversation }
  /** A document of this size; resolves with the milliseconds until an answer that names its size is readable on the phone. */
  sendDocument: { params: { bytes: number; timeoutMs: number }; result: { tookMs: number } }
  /** Stanzas since the start, each of which is a frame: from the bots, and to them. */
  countFrames: { params: Record<string, never>; result: { fromBots: number; toBots: number } }
  /** All messages as fast as the phone can encrypt them. */
  burst: { params: { messages: number }; result: Burst }
  /** Everybody writes and awaits their replies, while the connection is cut again and again. */
  endure: { params: { messages: number; reconnects: number; inFlight: number }; result: Endurance }
  /** The contact writes one message to each of these accounts. */
  ask: { params: { owners: readonly string[] }; result: Answers }
  /** Every connection ends, and none is taken for `forMs`; in the middle of it each account gets a message. */
  outage: { params: { owners: readonly string[]; forMs: number }; result: Outage }
  /** Sends one message and waits for nothing. */
  send: { params: { text: string }; result: null }
  /** How many readable replies so far have exactly this text. */
  countReplies: { params: { text: string }; result: number }
}

export interface ServerAddress {
  webSocketUrl: string
  /** Base64. */
  noiseRootKey: string
}

export interface Conversation {
  /** From the contact's "send" to its phone having decrypted the reply, milliseconds, in order. */
  roundTripsMs: number[]
  /** Messages whose reply never became readable. */
  unanswered: number
}

export interface Burst {
  messages: number
  /** Distinct replies that reached the phone, readable or not. */
  arrived: number
  /** Distinct replies that the phone could not decrypt when they came. */
  undecryptable: number
  /** Messages without a readable reply in the end, after every resend. */
  unreadable: number
  /** From the first message sent to the first reply. */
  firstReplySeconds: number
  /** From the first message sent to the last reply's first arrival. */
  seconds: number
  /** When that was, milliseconds since the epoch. */
  lastArrivalAt: number
  /** Share of one core that the simulator itself used meanwhile: near 1 it is the bottleneck. */
  simulatorLoad: number
}

/** One stage of a long run. */
export interface Endurance {
  messages: number
  reconnects: number
  /** Messages of one person that may be unanswered at a time. */
  inFlight: number
  /** Messages without a reply after a minute. */
  unanswered: number
  /** Replies that a person saw twice. */
  repeated: number
  /** Replies that a phone could not read when they came. */
  undecryptable: number
  /** From each cut until live messages reach the client again, milliseconds. */
  reconnectsMs: number[]
  seconds: number
  /** Resident memory of WhatsApp's own process. */
  simulatorMemoryMib: number
}

/** One message to each of many accounts. */
export interface Answers {
  /** From "send" on the contact's phone until the answer is readable there, of those that were answered. */
  roundTripsMs: number[]
  /** Messages without an answer. */
  lost: number
  /** Messages whose answer the contact saw twice. */
  twice: number
}

/** What became of many accounts that lost their connection at the same moment; `Answers` are of the messages meanwhile. */
export interface Outage extends Answers {
  /** From the end of the outage until live messages reach each client again, milliseconds. */
  reconnectsMs: number[]
  /** Clients that never came back. */
  away: number
  /** Connections that were tried and refused. */
  attempts: number
  peakAttemptsPerSecond: number
  /** After the outage. */
  peakLoginsPerSecond: number
}

export type SimulatorRequestName = keyof SimulatorRequests

export type SimulatorRequest = {
  [Name in SimulatorRequestName]: { id: number; name: Name; params: SimulatorRequests[Name]['params'] }
}[SimulatorRequestName]

export type SimulatorAnswer = { id: number; result: unknown } | { id: number; error: string }
