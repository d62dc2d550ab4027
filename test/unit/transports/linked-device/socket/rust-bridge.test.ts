import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as original from 'whatsapp-rust-bridge'
import * as ours from '../../../../../src/transports/linked-device/socket/rust-bridge.ts'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 })
const plain = (value: Uint8Array): number[] => [...value]

describe('what takes the place of whatsapp-rust-bridge', () => {
  it('hashes and derives as it does', () => {
    fc.assert(
      fc.property(
        bytes,
        bytes,
        fc.integer({ min: 1, max: 200 }),
        fc.string({ maxLength: 30 }),
        (key, salt, length, info) => {
          expect(plain(ours.md5(key))).toEqual(plain(original.md5(key)))
          expect(plain(ours.hkdf(key, length, { salt, info }))).toEqual(
            plain(original.hkdf(key, length, { salt, info })),
          )
          expect(plain(ours.hkdf(key, length, {}))).toEqual(plain(original.hkdf(key, length, {})))
        },
      ),
    )
  })

  it('expands app state keys as it does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const theirs = original.expandAppStateKeys(key)
        const mine = ours.expandAppStateKeys(key)
        for (const name of [
          'indexKey',
          'valueEncryptionKey',
          'valueMacKey',
          'snapshotMacKey',
          'patchMacKey',
        ] as const) {
          expect(plain(mine[name] ?? new Uint8Array())).toEqual(plain(theirs[name]))
        }
      }),
    )
  })

  it('adds and subtracts lattice hashes as it does', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 128, maxLength: 128 }),
        fc.array(bytes, { maxLength: 5 }),
        fc.array(bytes, { maxLength: 5 }),
        (base, subtract, add) => {
          const theirs = new original.LTHashAntiTampering().subtractThenAdd(base, subtract, add)
          expect(plain(new ours.LTHashAntiTampering().subtractThenAdd(base, subtract, add))).toEqual(
            plain(theirs),
          )
        },
      ),
    )
  })
})
