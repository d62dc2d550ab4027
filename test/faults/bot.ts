import type { Assistant } from './assistants/assistant.ts'
import type { StoredMessages } from './programs/stored-messages.ts'

/** How a bot is set up for one life. */
export interface BotSetting {
  /** A directory of its own, empty at first. */
  directory: string
  /** Another, for its state. */
  stateDirectory: string
  webSocketUrl: string
  noiseRootKey: string
  /** E.164. */
  allowFrom: readonly string[]
  /** JIDs of the groups in which it may answer those who are allowed. */
  groups: readonly string[]
  /** Who answers; `null`: the bot itself, which repeats what it is told. */
  assistant: Assistant | null
  /** Whether it reacts to what it is going to answer, until it has. */
  reacts: boolean
  /** Where events are posted to; `null`: nowhere. */
  webhook: object | null
  /** Holds the offset of its clock in milliseconds; `null` leaves it the machine's. */
  clockFile: string | null
  /** Its databases cannot grow while this file exists. */
  fullFile: string
}

/** The public keys that WhatsApp knows a device by, base64. */
export interface DeviceIdentity {
  noiseKey: string
  identityKey: string
}

/** An answering machine that runs as a process and keeps its state on disk. */
export interface Bot {
  readonly name: 'ours' | 'bare'
  /** Whether a person can tell it to connect at once. */
  readonly takesOrders: boolean
  /** Whether it answers the account's own phone. */
  readonly answersOwner: boolean
  /** Whether it answers in groups. */
  readonly answersGroups: boolean
  readonly isRunning: boolean
  /** How often its process ended by itself since the last question. */
  takeCrashes(): string[]
  /** Spawns the process; the state is what the last one left. */
  spawn(): void
  /** Starts a second process on the same state, as a careless restart does. Resolves, when called, once it is gone. */
  spawnCopy(): () => Promise<void>
  /** Where its control plane is; `null` while there is none. */
  controlPlane(): { url: string; token: string } | null
  /** Resolves with the QR of a bot that is not linked yet. */
  firstQr(): Promise<string>
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void
  /** Resolves when the process is gone. `inTime` is false when SIGTERM was not enough. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ inTime: boolean }>
  /** "Reconnect now". Does nothing while the process cannot be reached. */
  reconnect(): Promise<void>
  /** As it is on disk; `null` when it cannot be read. The process must not run. */
  identity(): DeviceIdentity | null
  /** What is wrong with its files, in words; nothing when they are sound. The process must not run. */
  damage(): string[]
  /** What it knows of messages, on disk; `null` where it stores nothing. The process must not run. Throws what the disk says. */
  storedMessages(): StoredMessages | null
  /** What the process printed last. */
  readonly tail: string
}
