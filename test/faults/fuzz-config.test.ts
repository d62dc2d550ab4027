import fc from 'fast-check'
import { CONNECTORS } from '../../src/agents/registry.ts'
import { identity } from '../support/identity.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayWriteDirectly } from '../../src/access/may-write.ts'
import { ConfigError } from '../../src/config/problems/config-error.ts'
import type { Config } from '../../src/config/model.ts'
import { resolveConfig } from '../../src/config/read/resolve.ts'
import { ALICE, allowing, ConfigPlace } from '../integration/config-place.ts'
import { FUZZ_ROUNDS, FUZZ_SEED } from './fuzz-settings.ts'
import { ConfigOracle } from './fuzz-config-oracle.ts'
import { fuzzedConfig } from './fuzz-config-texts.ts'

const FILES = 10_000 * FUZZ_ROUNDS
/** Written to disk and followed by the real watcher; side by side, as each rejection takes its time. */
const PLACES = 8
const SAVES = 50 * FUZZ_ROUNDS
const JUDGED_WITHIN_MS = 30_000
/** Asked about under every config, besides those that it lists. */
const PEOPLE = [ALICE, '+15555550102', '+15555550199', '+15005550006', '+4915112345678']
const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

describe('fuzzed config files', { timeout: 300_000 * FUZZ_ROUNDS }, () => {
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  beforeAll(() => {
    process.on('unhandledRejection', note)
    process.on('uncaughtExceptionMonitor', note)
  })
  afterAll(() => {
    process.off('unhandledRejection', note)
    process.off('uncaughtExceptionMonitor', note)
  })

  it('are refused with their problems, or let in nobody whom that very file does not name', () => {
    let valid = 0
    fc.assert(
      fc.property(fuzzedConfig, (text) => {
        const config = judge(text)
        if (config === null) return
        valid += 1
        expectNotWider(config, text)
      }),
      { seed: FUZZ_SEED, numRuns: FILES, endOnFailure: true },
    )
    expect(valid).toBeGreaterThan(FILES / 20)
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('allowFrom')
  })

  it('change nothing when they are rejected, and are never in force by halves', async () => {
    const places = await Promise.all(Array.from({ length: PLACES }, () => ConfigPlace.with(allowing(ALICE))))
    const saves = fc.sample(fc.tuple(fuzzedConfig, fc.boolean()), {
      seed: FUZZ_SEED,
      numRuns: PLACES * SAVES,
    })
    try {
      await Promise.all(
        places.map((place, index) => follow(place, saves.slice(index * SAVES, (index + 1) * SAVES))),
      )
    } finally {
      await Promise.all(places.map((place) => place.stop()))
    }
    expect(uncaught).toEqual([])
  })
})

/** The config in force, or `null` where the file is refused as it should be. Anything else fails. */
function judge(text: string): Config | null {
  try {
    return resolveConfig(text, { directory: '/sandbox', env: {}, connectors: CONNECTORS })
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return null
  }
}

function expectNotWider(config: Config, text: string): void {
  const oracle = new ConfigOracle(text)
  for (const [id, { access }] of Object.entries(config.accounts)) {
    for (const phoneNumber of new Set([...PEOPLE, ...access.allowFrom.filter((each) => each !== '*')])) {
      const { allowed } = mayWriteDirectly({ access }, identity('somebody@lid', phoneNumber))
      if (allowed)
        expect({ id, phoneNumber, granted: oracle.grants(id, phoneNumber) }).toMatchObject({ granted: true })
    }
    // Nobody has this number: only a policy that is open to everybody lets it in.
    const nobody = mayWriteDirectly({ access }, identity('somebody@lid', null))
    if (nobody.allowed) expect(oracle.grants(id, '+000')).toBe(true)
  }
  if (oracle.forbidsWrites) expect(config.configWrites).toBe(false)
  const { listen, allowedOrigins, whatsapp } = config.daemon
  if (!LOOPBACK.includes(listen.host)) expect(oracle.daemon('listen', 'host')).toBe(listen.host)
  if (allowedOrigins.length > 0) expect(oracle.daemon('allowedOrigins')).toEqual(allowedOrigins)
  if (whatsapp.noiseRootKey !== null)
    expect(oracle.daemon('whatsapp', 'noiseRootKey')).toBe(whatsapp.noiseRootKey)
}

/** Saves one file after the other, in place or by a rename, and sees each of them judged. */
async function follow(
  place: ConfigPlace,
  saves: readonly (readonly [text: string, inPlace: boolean])[],
): Promise<void> {
  let last = place.text
  for (const [text, inPlace] of saves) {
    // The same again is no news; and what cannot be written as UTF-8 comes out as another text.
    if (text === last || Buffer.from(text).toString() !== text) continue
    last = text
    const before = place.service.current
    const rejected = place.rejected.length
    const applied = place.applied.length
    if (inPlace) place.write(text)
    else place.replace(text)
    await place.until(
      'a verdict',
      () => place.rejected.length > rejected || place.applied.length > applied,
      JUDGED_WITHIN_MS,
    )
    const { current } = place.service
    if (place.rejected.length > rejected) expect(current).toBe(before)
    else expectNotWider(current, text)
    expect(judge(text) === null).toBe(place.rejected.length > rejected)
  }
}
