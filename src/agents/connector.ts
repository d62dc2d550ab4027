import type { Logger } from 'pino'
import type { z } from 'zod'
import type { SecretReference } from '../config/model.ts'
import { type ConnectorDeclaration, connectorSettings } from '../config/settings/connector-settings.ts'
import type { Fetch } from '../network/fetch-through.ts'
import type { Agent } from './agent.ts'
import type { OwnerQuestion } from './owner-question.ts'
import type { AudioConverter } from './audio/audio-converter.ts'
import type { AwaitedAnswers } from './answers/awaited-answers.ts'
import type { Attachments } from './attachments/attachments.ts'

/** Of the agent's own settings, by their dotted path below it. */
export type ShownSetting = (setting: string, value: string) => string

export interface ConnectorContext {
  /** The agent's id in the config, for messages. */
  id: string
  /** The secret behind a reference as it is now. Throws `AgentError` (`misconfigured`) that names the setting and never the value. */
  readSecret: (reference: SecretReference, setting: string) => string
  /** What may be shown of the text of a setting: where the file refers to a variable, what stands in the file. */
  shown: ShownSetting
  /** Every request goes out by this: it knows the proxy. */
  fetch: Fetch
  /** For connectors that start a program. */
  programs: ProgramPlace
  /** The one of the whole daemon: few programs of it run side by side. */
  audio: Pick<AudioConverter, 'toWav' | 'canConvert'>
  /** Asks an owner of the account about an action. Resolves with `false` for no, for no answer, and where nobody can be asked. */
  askOwner: (question: OwnerQuestion) => Promise<boolean>
  /** For connectors to which a program attaches. */
  attachments?: Attachments | undefined
  /** Where answers arrive that come later than the request. */
  answers?: AwaitedAnswers | undefined
  /** For what a turn meets and survives; never a text of anybody. */
  logger?: Pick<Logger, 'warn'> | undefined
}

/** Whose agent a program is, and what of the daemon it may see. */
export interface ProgramPlace {
  /** The account whose agent it is. */
  account: string
  /** The daemon's own environment, of which a program gets little. */
  environment: NodeJS.ProcessEnv
  /** Absolute. No program works in it. */
  stateDirectory: string
}

/** A way to reach an assistant: everything that the daemon knows of it. */
export interface Connector extends ConnectorDeclaration {
  /** The agent with these settings, as they were read by `settings`. It does nothing yet. */
  create(settings: Readonly<Record<string, unknown>>, context: ConnectorContext): Agent
}

type IsSecret<Value> = [Extract<Value, { env: string }>] extends [never] ? false : true

/** A secret is written in several ways, and read as a reference; so is each of those that an object holds by name. */
type ReadValue<Value> =
  IsSecret<Value> extends true
    ? SecretReference | Extract<Value, undefined>
    : [NonNullable<Value>] extends [Record<string, infer Entry>]
      ? IsSecret<Entry> extends true
        ? Readonly<Record<string, SecretReference>> | Extract<Value, undefined>
        : Value
      : Value

type ReadSettings<Schema extends z.ZodObject> = {
  [Key in keyof z.output<Schema>]: ReadValue<z.output<Schema>[Key]>
}

/**
 * Declares a connector. `description` and the descriptions of its own settings become the documentation; the settings of every agent
 * are added.
 */
export function defineConnector<Own extends z.ZodRawShape>(declaration: {
  name: string
  description: string
  settings: Own
  create: (
    settings: ReadSettings<ReturnType<typeof connectorSettings<Own>>>,
    context: ConnectorContext,
  ) => Agent
}): Connector {
  const { name, description, settings, create } = declaration
  return {
    settings: connectorSettings(name, description, settings),
    // The config was read by this same schema, its secrets as references.
    create: (read, context) => create(read as Parameters<typeof create>[0], context),
  }
}
