import { type ObjectNode, type ValueNode, parse as parseTree } from '@humanwhocodes/momoa'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigEdit } from '../../../../src/config/edit/config-edit.ts'
import { allowFromEdit } from '../../../../src/config/edit/edit-allow-from.ts'
import { type SettingChange, settingsEdit } from '../../../../src/config/edit/edit-settings.ts'
import { applied, CORPUS, resolve } from '../edit-corpus.ts'
import { intended, meaning, read } from '../intended-settings.ts'
import { settingChange } from '../setting-changes.ts'

const edited = (text: string, changes: readonly SettingChange[]): string => {
  const edit = settingsEdit(changes, ['everybody', 'nobody'])
  const before = resolve(text)
  edit.prepare?.(before)
  const after = applied(edit, text, before)
  edit.check(before, resolve(after))
  return after
}

const body = (text: string): string => text.replace(/^\uFEFF/, '')

/** Every member of the tree on the way, without any code of ours. */
function walk(text: string, path: readonly string[]): ValueNode[] {
  const { body: root } = parseTree(body(text), { mode: 'json5', ranges: true })
  const nodes: ValueNode[] = [root]
  for (const name of path) {
    const holder: ValueNode | undefined = nodes.at(-1)
    if (holder?.type !== 'Object') break
    const found = memberOf(holder, name)
    if (found === undefined) break
    nodes.push(found)
  }
  return nodes
}

function memberOf(holder: ObjectNode, name: string): ValueNode | undefined {
  const phone = (text: string): string => text.replaceAll(/[ ().-]/g, '').replace(/^(?=\d)/, '+')
  return holder.members.find((member) => {
    const written = member.name.type === 'Identifier' ? member.name.name : member.name.value
    return written === name || (name.startsWith('+1555') && phone(written) === name)
  })?.value
}

function isSubsequence(short: string, long: string): boolean {
  let at = 0
  for (const character of long) {
    if (short.startsWith(character, at)) at += character.length
    if (at === short.length) return true
  }
  return at === short.length
}

describe.each(CORPUS)('$name', ({ text }) => {
  const { accounts } = resolve(text)
  const overruled = new Set(
    Object.values(accounts).flatMap((account) => Object.keys(account.overruled ?? {})),
  )
  const change = settingChange(Object.keys(accounts)).filter(
    ({ path: [key = ''], value }) => value === undefined || !overruled.has(key),
  )

  it('means what was asked for after any edits, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const after = edited(text, changes)
        expect(meaning(read(after))).toEqual(intended(text, changes))
      }),
      { numRuns: 120 },
    )
  })

  it('is the same, byte for byte, outside of the node that is edited', () => {
    fc.assert(
      fc.property(change, (each) => {
        const after = body(edited(text, [each]))
        const before = body(text)
        const section = 'connectors' in read(text) ? 'connectors' : 'channels'
        const isNamed =
          each.account !== undefined &&
          walk(text, [section, 'whatsapp', 'accounts', each.account]).length === 5
        const own = isNamed && each.account !== undefined ? ['accounts', each.account] : []
        const full = [section, 'whatsapp', ...own, ...each.path]
        const nodes = walk(text, full)
        const isThere = nodes.length === full.length + 1
        // What is there is edited itself; what is missing, or goes away, is edited in the object around it.
        const node =
          isThere && each.unset !== true ? nodes.at(-1) : nodes[Math.min(nodes.length, full.length) - 1]
        const [start, end] = node?.range ?? [0, before.length]
        expect(after.slice(0, start)).toBe(before.slice(0, start))
        expect(after.slice(after.length - (before.length - end))).toBe(before.slice(end))
        const [old, now] = [
          before.slice(start, end),
          after.slice(start, after.length - (before.length - end)),
        ]
        if (!isThere && each.unset === true) expect(after).toBe(before)
        else if (!isThere) expect(isSubsequence(old, now)).toBe(true)
        else if (each.unset === true) expect(isSubsequence(now, old)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('keeps its line breaks, its mark at the beginning, and JSON where it is JSON', () => {
    const isJson = (candidate: string): boolean => {
      try {
        JSON.parse(body(candidate))
        return true
      } catch {
        return false
      }
    }
    const style = isJson(text) && text.trim() !== '{}'
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const after = edited(text, changes)
        expect(after.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'))
        expect(after).not.toMatch(text.includes('\r\n') ? /[^\r]\n/ : /\r/)
        if (style) expect(isJson(after)).toBe(true)
        if (!text.trim().includes('\n') && text.trim() !== '{}') expect(after.trim()).not.toContain('\n')
      }),
      { numRuns: 80 },
    )
  })

  it('comes back to the same bytes when a key that was missing is set and taken out again', () => {
    const missing = ['responsePrefix', 'chunkMode'].filter((key) => !text.includes(key))
    for (const key of missing) {
      const value = key === 'chunkMode' ? 'length' : 'x'
      const path = [key]
      const after = edited(text, [{ path, value }])
      expect(after).not.toBe(text)
      // The objects that had to be made for it stay; all others are as they were.
      if ('channels' in read(text) || 'connectors' in read(text))
        expect(edited(after, [{ path, unset: true }])).toBe(text)
    }
  })
})

// A number also stood in the list as a variable: the edit succeeded, and the number was still allowed.
describe('of an entry that also stands in its list as a variable', () => {
  const ENV = { ALICE: '+15555550101' }
  const FILE = "{ channels: { whatsapp: { allowFrom: ['+15555550101', '${ALICE}', '+15555550102'] } } }"
  const remaining = (edit: ConfigEdit): readonly string[] | undefined => {
    const before = resolve(FILE, ENV)
    const after = resolve(applied(edit, FILE, before), ENV)
    edit.check(before, after)
    return after.accounts['default']?.access.allowFrom
  }

  it.each(['+15555550101', '${ALICE}'])('nothing is left when it is removed as %s', (entry) => {
    const changes = [{ account: 'default', path: ['allowFrom'], remove: [entry] }]
    expect(remaining(settingsEdit(changes, []))).toEqual(['+15555550102'])
    const edit = allowFromEdit({ kind: 'remove', account: 'default', numbers: [entry] })
    expect(remaining(edit)).toEqual(['+15555550102'])
  })
})

it('somebody whom another key of the file still allows is not removed without a word', () => {
  const text = `{ connectors: { whatsapp: { dmPolicy: 'open', allowFrom: ['*', '+15555550101'], allowedJids: ['+15555550101'] } } }`
  const remove = { account: 'default', path: ['allowFrom'], remove: ['+15555550101'] }
  expect(() => edited(text, [remove])).toThrow('+15555550101 cannot be taken out of allowFrom')
})
