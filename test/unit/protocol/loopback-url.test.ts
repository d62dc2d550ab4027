import { expect, it } from 'vitest'
import { isLoopbackUrl } from '../../../src/protocol/loopback-url.ts'

it.each([
  ['ws://127.0.0.1:8765/v1/ws', true],
  ['http://127.255.0.3', true],
  ['wss://localhost', true],
  ['http://[::1]:80/livez', true],
  ['wss://web.whatsapp.com/ws', false],
  ['http://127.0.0.1.example.org', false],
  ['http://localhost.example.org', false],
  ['http://127.0.0.1@example.org', false],
  ['http://10.127.0.1', false],
  ['127.0.0.1', false],
  ['', false],
])('%s leads to this machine: %s', (url, expected) => {
  expect(isLoopbackUrl(url)).toBe(expected)
})
