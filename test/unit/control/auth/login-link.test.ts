import { beforeEach, describe, expect, it } from 'vitest'
import { LoginLinks } from '../../../../src/control/auth/login-link.ts'

const MINUTE_MS = 60_000

describe('login links', () => {
  let nowMs: number
  let links: LoginLinks

  beforeEach(() => {
    nowMs = Date.parse('2026-01-02T03:04:05Z')
    links = new LoginLinks({ now: () => new Date(nowMs) })
  })

  it('trades a code once', () => {
    const { value } = links.createCode()
    expect(links.redeem(value)).not.toBeNull()
    expect(links.redeem(value)).toBeNull()
  })

  it('lets a code live five minutes', () => {
    const { value, expiresAt } = links.createCode()
    expect(expiresAt.getTime() - nowMs).toBe(5 * MINUTE_MS)
    const other = links.createCode().value
    nowMs += 5 * MINUTE_MS - 1
    expect(links.redeem(value)).not.toBeNull()
    nowMs += 1
    expect(links.redeem(other)).toBeNull()
  })

  it('spends an expired code too', () => {
    const { value } = links.createCode()
    nowMs += 6 * MINUTE_MS
    links.redeem(value)
    nowMs -= 6 * MINUTE_MS
    expect(links.redeem(value)).toBeNull()
  })

  it('lets a token live twelve hours', () => {
    const token = links.redeem(links.createCode().value)
    expect(links.findSession(token?.value ?? '')?.expiresAt).toEqual(new Date(nowMs + 12 * 60 * MINUTE_MS))
    nowMs += 12 * 60 * MINUTE_MS
    expect(links.findSession(token?.value ?? '')).toBeNull()
  })

  it('keeps codes and tokens apart', () => {
    const { value } = links.createCode()
    expect(links.findSession(value)).toBeNull()
    const token = links.redeem(value)
    expect(links.redeem(token?.value ?? '')).toBeNull()
  })

  it('knows nobody else', () => {
    expect(links.redeem('')).toBeNull()
    expect(links.findSession('')).toBeNull()
  })

  it('ends every code and session at once', () => {
    const session = links.findSession(links.redeem(links.createCode().value)?.value ?? '')
    const { value } = links.createCode()
    expect(session?.holds()).toBe(true)
    links.revokeAll()
    expect(session?.holds()).toBe(false)
    expect(links.redeem(value)).toBeNull()
  })

  it('bounds what is open: the oldest code gives way', () => {
    const codes = Array.from({ length: 101 }, () => links.createCode().value)
    expect(links.redeem(codes[0] ?? '')).toBeNull()
    expect(links.redeem(codes[1] ?? '')).not.toBeNull()
  })
})
