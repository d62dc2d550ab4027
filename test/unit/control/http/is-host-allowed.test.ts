import { expect, it } from 'vitest'
import { isHostAllowed } from '../../../../src/control/http/is-host-allowed.ts'

const known = {
  listenHost: 'sandbox.internal',
  allowedOrigins: ['https://dashboard.example', 'capacitor://localhost'],
}

it.each([
  '127.0.0.1:8765',
  'localhost',
  'LOCALHOST:1',
  '[::1]:8765',
  '10.0.0.7',
  'sandbox.internal:80',
  'dashboard.example:8443',
])('serves %s', (host) => expect(isHostAllowed(host, known)).toBe(true))

it.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example:8765',
  'a b',
  'dashboard.example.evil',
])('refuses %s', (host) => expect(isHostAllowed(host, known)).toBe(false))
