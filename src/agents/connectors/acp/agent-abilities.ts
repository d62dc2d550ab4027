import { isRecord } from '../../../protocol/is-record.ts'
import { cleanLine } from '../../../text/bounded-text.ts'
import type { AcpFailures } from './acp-failures.ts'

const MAX_NAME_LENGTH = 60
const MAX_LOGINS = 5

/** What an agent said of itself at its start. */
export interface AgentAbilities {
  /** What the program calls itself, as one printable line; sessions of another program are not its own. */
  name: string
  /** A session can be taken up with everything that was said in it told again, or without. */
  canLoad: boolean
  canResume: boolean
  canClose: boolean
  takesImages: boolean
  takesAudio: boolean
  /** Documents inside of a prompt; links to files it must take in any case. */
  takesResources: boolean
  /** Ways to log in, as it calls them: printable lines. */
  logins: string[]
}

/** Reads the answer to `initialize`. Throws `AgentError` for another version of the protocol. */
export function readAbilities(answer: unknown, version: number, failures: AcpFailures): AgentAbilities {
  const hello = isRecord(answer) ? answer : {}
  if (hello['protocolVersion'] !== version) throw failures.otherVersion(hello['protocolVersion'])
  const abilities = recordIn(hello, 'agentCapabilities')
  const prompts = recordIn(abilities, 'promptCapabilities')
  const sessions = recordIn(abilities, 'sessionCapabilities')
  const { authMethods } = hello
  const logins: readonly unknown[] = Array.isArray(authMethods) ? authMethods.slice(0, MAX_LOGINS) : []
  return {
    name: lineOf(recordIn(hello, 'agentInfo')['name']),
    canLoad: abilities['loadSession'] === true,
    // An object stands for yes, also an empty one.
    canResume: isRecord(sessions['resume']),
    canClose: isRecord(sessions['close']),
    takesImages: prompts['image'] === true,
    takesAudio: prompts['audio'] === true,
    takesResources: prompts['embeddedContext'] === true,
    logins: logins
      .map((login) => lineOf(isRecord(login) ? login['name'] : null))
      .filter((name) => name !== ''),
  }
}

function recordIn(value: Record<string, unknown>, key: string): Record<string, unknown> {
  const found = value[key]
  return isRecord(found) ? found : {}
}

function lineOf(value: unknown): string {
  return typeof value === 'string' ? cleanLine(value, MAX_NAME_LENGTH) : ''
}
