import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { loadPublicKey, loadSecretKey } from '../../../../src/config/secrets/load-jwt-key.ts'
import { isOwnCredential } from '../../../../src/control/auth/is-own-credential.ts'
import { issueOwnToken } from '../../../../src/control/auth/issue-own-token.ts'
import { LoginLinks } from '../../../../src/control/auth/login-link.ts'
import { ownTokenKey } from '../../../../src/control/auth/own-token.ts'

const LOCAL = 'a'.repeat(42) + 'B'
const SECRET = 'Zk3-uH7pQ1xW9vB5nM2cL8dF4gJ6tR0y'
const loginLinks = new LoginLinks()
const request = { scopes: ['agent'], lifetimeSeconds: 60, subject: 'somebody' } as const

it('knows tokens that this sandbox issued, also expired ones, and no others', async () => {
  const keys = [ownTokenKey(LOCAL)]
  const own = await issueOwnToken(LOCAL, request, new Date('2020-01-01'))
  const other = await issueOwnToken('another', request, new Date())
  expect(isOwnCredential(own, { keys, loginLinks })).toBe(true)
  expect(isOwnCredential(other, { keys, loginLinks })).toBe(false)
  expect(isOwnCredential(`${own}x`, { keys, loginLinks })).toBe(false)
})

it.each([
  ['EdDSA', generateKeyPairSync('ed25519')],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
])('knows tokens that a dashboard signed with %s', async (alg, { publicKey, privateKey }) => {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const token = await new SignJWT({ scope: 'agent' }).setProtectedHeader({ alg }).sign(privateKey)
  const keys = [loadSecretKey(SECRET, null), loadPublicKey(pem, null)]
  expect(isOwnCredential(token, { keys, loginLinks })).toBe(true)
  expect(isOwnCredential(token, { keys: [ownTokenKey(LOCAL)], loginLinks })).toBe(false)
})

it('knows codes of login links and what they are traded for', () => {
  const { value } = loginLinks.createCode()
  expect(isOwnCredential(value, { keys: [], loginLinks })).toBe(true)
  const token = loginLinks.redeem(value)?.value ?? ''
  expect(isOwnCredential(token, { keys: [], loginLinks })).toBe(true)
  expect(isOwnCredential(value, { keys: [], loginLinks })).toBe(false)
})
