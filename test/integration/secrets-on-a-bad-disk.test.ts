import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuthConfig } from '../../src/config/auth-config.ts'
import { SecretReader } from '../../src/config/secrets/secret-reader.ts'
import { KeyRing } from '../../src/control/auth/key-ring.ts'
import { LocalTokenFile } from '../../src/control/auth/local-token-file.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { authConfig } from '../contract/support/tokens.ts'
import { withoutDescriptors } from '../support/descriptor-limit.ts'
import { otherUser } from '../support/other-user.ts'

const OLD = 'n0tHpVd2Fq8mX4sLbYkR7wGzJc1uTeA5iQo9rKfDhSE'
const NEW = 'Zx3cV7bN1mA5sD9fG2hJ6kL0pO4iU8yT3rE7wQ1zXcV'
const WITHIN = { timeout: 15_000, interval: 50 }

/** What says which secret is in force; `null` when none is. */
type InForce = () => string | null

const READERS: Record<string, (path: string) => InForce> = {
  'the local token': (path) => {
    const file = new LocalTokenFile({ stateDirectory: join(path, '..'), logger: silent })
    file.start()
    return () => file.read()
  },
  'the key of a dashboard': (path) => {
    const settings: AuthConfig = authConfig([{ id: null, secret: { file: path } }])
    const ring = new KeyRing({ settings: () => settings, secrets: secretReader(), logger: silent })
    return () => {
      ring.refresh(null)
      const [key] = ring.keys
      return key === undefined ? null : key.key.export().toString()
    }
  },
  'the key of an agent, the address of a lease': (path) => {
    const secrets = secretReader()
    return () => {
      try {
        return secrets.read({ file: path })
      } catch {
        return null
      }
    }
  },
}

const silent = createLogger({ level: 'silent' })
const secretReader = (): SecretReader => new SecretReader({ env: {}, logger: silent })

// Reading `token` under a flood of connections failed for want of descriptors, which was taken for its deletion: the
// owner's sockets were closed and page sessions stayed dead.
describe.each(Object.entries(READERS))('%s', (_name, begin) => {
  let directory: string
  let path: string
  let inForce: InForce

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-secrets-'))
    path = join(directory, 'token')
    writeFileSync(path, `${OLD}\n`, { mode: 0o600 })
    inForce = begin(path)
    expect(inForce()).toBe(OLD)
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const write = (text: string): void => writeFileSync(path, text, { mode: 0o600 })

  it('stays in force while no descriptor is left', async () => {
    await withoutDescriptors(() => {
      expect(() => openSync('/dev/null', 'r')).toThrow('EMFILE')
      for (let count = 0; count < 3; count += 1) expect(inForce()).toBe(OLD)
    })
    expect(inForce()).toBe(OLD)
    write(NEW)
    await expect.poll(inForce, WITHIN).toBe(NEW)
  })

  it('counts no longer when its file is deleted while no descriptor is left', async () => {
    await withoutDescriptors(() => {
      rmSync(path)
      const until = performance.now() + 700
      while (performance.now() < until && inForce() === OLD);
      expect(inForce()).toBeNull()
    })
  })

  it('stays in force while its permission is missing for a moment', () => {
    otherUser.begin(directory)
    try {
      chmodSync(path, 0o000)
      const until = performance.now() + 700
      while (performance.now() < until) expect(inForce()).toBe(OLD)
      chmodSync(path, 0o600)
      chmodSync(directory, 0o000)
      expect(inForce()).toBe(OLD)
    } finally {
      otherUser.end()
      chmodSync(directory, 0o700)
      // Root does not take what belongs to somebody else.
      if (otherUser.isRoot) for (const own of [directory, path]) chownSync(own, 0, 0)
    }
    expect(inForce()).toBe(OLD)
  })

  it('stays in force while the file is written anew in pieces', () => {
    const file = openSync(path, 'w')
    expect(inForce()).toBe(OLD)
    writeFileSync(file, NEW.slice(0, 40))
    expect(inForce()).toBe(OLD)
    writeFileSync(file, NEW.slice(40))
    closeSync(file)
    expect([OLD, NEW]).toContain(inForce())
    return expect.poll(inForce, WITHIN).toBe(NEW)
  })

  it('is replaced within a second, by an atomic replacement too', async () => {
    writeFileSync(`${path}.new`, NEW, { mode: 0o600 })
    renameSync(`${path}.new`, path)
    await expect.poll(inForce, WITHIN).toBe(NEW)
    write(OLD)
    await expect.poll(inForce, WITHIN).toBe(OLD)
  })

  it('counts no longer within a second after it was deleted', async () => {
    rmSync(path)
    await expect.poll(() => inForce() === OLD, WITHIN).toBe(false)
  })

  it.each<[string, () => void]>([
    ['emptied', () => truncateSync(path)],
    [
      'replaced by a directory',
      () => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    ['filled with something else', () => write('short')],
  ])('counts no longer within a second when its file is %s for good', async (_what, damage) => {
    damage()
    await expect.poll(() => inForce() === OLD, WITHIN).toBe(false)
  })
})

describe('an input/output error', () => {
  // The local token is never behind a link.
  it.each(Object.entries(READERS).slice(1))('does not revoke %s', (_name, begin) => {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-secrets-'))
    const path = join(directory, 'secret')
    writeFileSync(path, OLD)
    const inForce = begin(path)
    expect(inForce()).toBe(OLD)
    rmSync(path)
    // Reading the first page of one's own memory is such an error.
    symlinkSync('/proc/self/mem', path)
    const until = performance.now() + 700
    while (performance.now() < until) expect(inForce()).toBe(OLD)
    rmSync(path)
    writeFileSync(path, OLD)
    expect(inForce()).toBe(OLD)
    rmSync(directory, { recursive: true })
  })
})

describe('a permission that stays away', () => {
  it('revokes the local token after ten seconds', () => {
    const directory = mkdtempSync(join(tmpdir(), 'whatsappd-secrets-'))
    const path = join(directory, 'token')
    writeFileSync(path, OLD, { mode: 0o600 })
    let nowMs = 0
    const file = new LocalTokenFile({ stateDirectory: directory, logger: silent, now: () => nowMs })
    file.start()
    otherUser.begin(directory)
    try {
      chmodSync(path, 0o000)
      expect(file.read()).toBe(OLD)
      nowMs = 9_999
      expect(file.read()).toBe(OLD)
      nowMs = 10_000
      expect(file.read()).toBeNull()
    } finally {
      otherUser.end()
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
