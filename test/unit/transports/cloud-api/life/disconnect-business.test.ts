import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import { businessNames } from '../../../../../src/config/cloud-api-config.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'
import { resolveSecret } from '../../../../../src/config/secrets/resolve-secret.ts'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import {
  ConnectionFile,
  NO_CONNECTION,
} from '../../../../../src/transports/cloud-api/credentials/connection-file.ts'
import { CredentialSource } from '../../../../../src/transports/cloud-api/credentials/credential-source.ts'
import { problemOfCode } from '../../../../../src/transports/cloud-api/graph/graph-problem.ts'
import { BusinessFactsStore } from '../../../../../src/transports/cloud-api/life/business-facts.ts'
import { BusinessLife, LIFE_TIMINGS } from '../../../../../src/transports/cloud-api/life/business-life.ts'
import {
  disconnectBusiness,
  finishDisconnect,
} from '../../../../../src/transports/cloud-api/life/disconnect-business.ts'

let directory: string
let database: Database
let file: ConnectionFile
let facts: BusinessFactsStore
let life: BusinessLife
let env: NodeJS.ProcessEnv
/** Signals of the requests that are under way: none is answered before it is aborted. */
let asked: AbortSignal[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'disconnect-'))
  database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  file = new ConnectionFile(directory)
  facts = new BusinessFactsStore(database)
  env = { WHATSAPP_ACCESS_TOKEN: 'EAAenv', WHATSAPP_PHONE_NUMBER_ID: '1' }
  asked = []
  file.store({ ...NO_CONNECTION, accessToken: 'EAAours', phoneNumberId: '1', businessAccountId: '2' })
  const source = new CredentialSource({
    settings,
    names: () => businessNames('channels.whatsapp', true),
    readSecret: (reference) => resolveSecret(reference, env),
    file,
    made: () => facts.current,
  })
  life = new BusinessLife({
    facts,
    file,
    credentials: () => source.current,
    missing: () => source.missing,
    credentialsChanged: () => {},
    graph: {
      call: ({ signal }) => {
        asked.push(signal)
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ ok: false, problem: problemOfCode({ code: 2 }) }))
        })
      },
    },
    nameOf: (key) => key,
    changed: () => {},
    readyChanged: () => {},
    storageFailed: (error) => {
      throw error
    },
    timings: () => LIFE_TIMINGS,
    logger: createLogger({ level: 'silent' }),
    now: Date.now,
    random: Math.random,
  })
  life.start()
})
afterEach(() => {
  life.stop()
  database.close()
  rmSync(directory, { recursive: true })
})

function settings() {
  const found = resolveConfig('{}', { directory, env, connectors: CONNECTORS }).accounts['default']?.cloudApi
  if (found === undefined) throw new Error('there is no account')
  return found
}

function disconnect(
  unsubscribe: () => Promise<boolean>,
  provider: 'meta' | '360dialog' = 'meta',
): Promise<boolean> {
  return disconnectBusiness({ facts, file, life, references: [], provider, unsubscribe })
}

it('is not undone by the token of the environment, and is by another one', async () => {
  expect(await disconnect(async () => true)).toBe(true)
  expect(facts.current.end?.reason).toBe('disconnected_by_user')
  expect([life.lookAgain(), facts.current.isDisconnected]).toEqual([false, true])
  env = { ...env, WHATSAPP_ACCESS_TOKEN: 'EAAnew' }
  expect([life.lookAgain(), facts.current.isDisconnected]).toEqual([true, false])
})

it('stops the set-up before WhatsApp is asked, and erases only afterwards what that needs', async () => {
  const seen: unknown[] = []
  await disconnect(async () => {
    seen.push(
      asked.map(({ aborted }) => aborted),
      new BusinessFactsStore(database).current.isDisconnected,
    )
    seen.push(file.current?.accessToken)
    return true
  })
  expect(seen).toEqual([[true], true, 'EAAours'])
  expect(existsSync(join(directory, 'business.json'))).toBe(false)
})

it('that a kill interrupted is finished at the next start', () => {
  facts.update({ isDisconnected: true })
  finishDisconnect({ facts, file, life })
  expect(existsSync(join(directory, 'business.json'))).toBe(false)
  expect(life.lookAgain()).toBe(false)
})

it('leaves what somebody connects meanwhile', async () => {
  await disconnect(async () => {
    life.resume({ end: null })
    return true
  })
  expect(file.current?.accessToken).toBe('EAAours')
  expect(facts.current.isDisconnected).toBe(false)
})

it('of a number at 360dialog asks for nothing that it does not offer, and says where webhooks end', async () => {
  const unsubscribe = (): Promise<boolean> => Promise.reject(new Error('it was asked'))
  expect(await disconnect(unsubscribe, '360dialog')).toBe(false)
  expect(facts.current.end).toMatchObject({ reason: 'business_disconnected_locally' })
  expect(facts.current.end?.detail).toContain('360dialog')
})
