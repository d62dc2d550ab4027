import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import type { AuthConfig } from '../../../src/config/auth-config.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { loadPublicKey, loadSecretKey } from '../../../src/config/secrets/load-jwt-key.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'

const SECRET = 'k9Zq-3Wm7_Tb5Xc1Vn8La4Rs6Jd2Hg0Pf'
const NAMES = { issuer: 'https://dashboard.example', audience: 'sandbox-1', subjects: ['user-1'] }
const ed25519 = generateKeyPairSync('ed25519')
const directory = mkdtempSync(join(tmpdir(), 'whatsappd-auth-'))
afterAll(() => rmSync(directory, { recursive: true }))

function read(
  auth: unknown,
  env: NodeJS.ProcessEnv = {},
): { auth: AuthConfig; notices: readonly ConfigProblem[] } {
  const { daemon, notices } = resolveConfig(JSON.stringify({ whatsappd: { auth } }), {
    directory,
    env,
    connectors: CONNECTORS,
  })
  return { auth: daemon.auth, notices }
}

function problemsOf(auth: unknown): { code: string; path: string; message: string }[] {
  try {
    read(auth)
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems]
    throw error
  }
  throw new Error('the config is valid')
}

describe('whatsappd.auth', () => {
  it('trusts nobody by default', () => {
    for (const auth of [undefined, {}]) {
      expect(read(auth).auth).toEqual({
        jwtKeys: [],
        issuer: null,
        audience: null,
        subjects: [],
        claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
        metricsToken: null,
        revoked: [],
      })
    }
  })

  it.each(['issuer', 'audience', 'subjects'])('needs "%s" beside a key', (name) => {
    const auth = { jwtKeys: [{ secret: { env: 'S' } }], ...NAMES, [name]: undefined }
    expect(problemsOf(auth)).toEqual([
      expect.objectContaining({ code: 'missing_setting', path: `whatsappd.auth.${name}` }),
    ])
  })

  it('takes every subject only where nothing else is said', () => {
    expect(read({ ...NAMES, subjects: ['*'] }).auth.subjects).toBeNull()
    expect(problemsOf({ subjects: ['*', 'user-1'] })).toMatchObject([{ path: 'whatsappd.auth.subjects' }])
    expect(problemsOf({ subjects: [] })).toMatchObject([{ path: 'whatsappd.auth.subjects' }])
  })

  it.each([
    [{}, 'secret or a publicKey'],
    [{ secret: SECRET, publicKey: 'x' }, 'secret or a publicKey'],
    [{ secret: 'short' }, 'shorter than 32 bytes'],
    [{ publicKey: 'no key' }, 'no public key'],
    [{ publicKey: { kty: 'oct', k: 'eA' } }, 'private key'],
    [{ publicKey: ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }) }, 'private key'],
    [{ publicKey: ed25519.privateKey.export({ format: 'jwk' }) }, 'private key'],
    [{ secret: ed25519.publicKey.export({ type: 'spki', format: 'pem' }) }, 'publicKey'],
    [{ publicKey: { ...ed25519.publicKey.export({ format: 'jwk' }), alg: 'RS256' } }, 'EdDSA'],
    [{ secret: SECRET, algorithm: 'none' }, 'There is no setting "algorithm"'],
  ])('refuses the key %#, saying why and not what', (key, why) => {
    const problems = problemsOf({ jwtKeys: [key], ...NAMES })
    expect(problems.map(({ message }) => message).join(' ')).toContain(why)
    expect(problems[0]?.path).toContain('whatsappd.auth.jwtKeys[0]')
    expect(JSON.stringify(problems)).not.toContain(SECRET)
  })

  it('keeps secrets as references, and says when one stands in clear', () => {
    const { auth, notices } = read({ jwtKeys: [{ secret: SECRET, id: 'one' }], ...NAMES })
    expect(auth.jwtKeys).toEqual([{ id: 'one', secret: { literal: SECRET } }])
    expect(notices).toMatchObject([{ code: 'literal_secret', path: 'whatsappd.auth.jwtKeys[0].secret' }])
    expect(JSON.stringify(notices)).not.toContain(SECRET)
    writeFileSync(join(directory, 'secret'), SECRET)
    const referred = read(
      { jwtKeys: [{ secret: { file: 'secret' } }, { secret: { env: 'S' } }], ...NAMES },
      { S: SECRET },
    )
    expect(referred.auth.jwtKeys).toEqual([
      { id: null, secret: { file: join(directory, 'secret') } },
      { id: null, secret: { env: 'S' } },
    ])
    expect(referred.notices).toEqual([])
  })

  it('takes a file whose keys are not there yet, with a notice for each', () => {
    const { notices } = read(
      {
        jwtKeys: [{ secret: { env: 'S' } }, { publicKey: { file: 'none.pem' } }, { secret: { file: '.' } }],
        ...NAMES,
      },
      { S: 'short' },
    )
    expect(notices.map(({ code, path }) => [code, path])).toEqual([
      ['unusable_key', 'whatsappd.auth.jwtKeys[0].secret'],
      ['unusable_key', 'whatsappd.auth.jwtKeys[1].publicKey'],
      ['unusable_key', 'whatsappd.auth.jwtKeys[2].secret'],
    ])
  })

  it('is bounded', () => {
    expect(
      problemsOf({ jwtKeys: Array.from({ length: 5 }, () => ({ secret: { env: 'S' } })), ...NAMES }),
    ).not.toEqual([])
    expect(problemsOf({ revoked: Array.from({ length: 1_001 }, String) })).not.toEqual([])
    const required = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`claim${index}`, 1]))
    expect(problemsOf({ claims: { required } })).not.toEqual([])
  })

  it('is what docs/security.md shows', () => {
    const text = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8')
    const blocks = [...text.matchAll(/```json5\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim())
    const shown = blocks.filter((block) => block.includes('auth: {'))
    expect(shown).toHaveLength(3)
    writeFileSync(join(directory, 'dashboard.pem'), ed25519.publicKey.export({ type: 'spki', format: 'pem' }))
    for (const block of shown) {
      const config = resolveConfig(block, {
        directory,
        env: { AUTH_SECRET: SECRET },
        connectors: CONNECTORS,
      })
      expect(config.daemon.auth.jwtKeys).not.toHaveLength(0)
      // The files of the rotation are not here.
      expect(config.notices.filter(({ code }) => code !== 'unusable_key')).toEqual([])
    }
  })
})

describe('the kind of a key says the algorithm', () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>['publicKey']): string =>
    key.export({ type: 'spki', format: 'pem' }).toString()

  it.each([
    ['Ed25519', ed25519.publicKey, ['EdDSA', 'Ed25519']],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, ['ES256']],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey, ['RS256']],
  ])('%s, as PEM and as JWK', (_name, key, algorithms) => {
    const fromPem = loadPublicKey(pem(key), null)
    const fromJwk = loadPublicKey(JSON.stringify({ ...key.export({ format: 'jwk' }), kid: 'k1' }), null)
    expect(fromPem.algorithms).toEqual(algorithms)
    expect(fromJwk).toMatchObject({ algorithms, id: 'k1', fingerprint: fromPem.fingerprint })
  })

  it.each([
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
    ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey],
    ['X25519', generateKeyPairSync('x25519').publicKey],
  ])('%s is not taken', (_name, key) => {
    expect(() => loadPublicKey(pem(key), null)).toThrow('of no kind that is taken')
  })

  it('a secret of 32 bytes is enough, whatever its characters', () => {
    expect(loadSecretKey('éàüößñçøåæêîôûëï', null).algorithms).toEqual(['HS256'])
    expect(() => loadSecretKey('x'.repeat(31), null)).toThrow('shorter than 32 bytes')
  })
})
