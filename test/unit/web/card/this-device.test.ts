import { expect, test } from 'vitest'
import { isTouched, phoneKindOf } from '../../../../src/web/card/this-device.ts'

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15', 'iphone'],
  ['Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/156 Mobile', 'android'],
  ['Mozilla/5.0 (Android 16; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0', 'android'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', null],
  ['', null],
] as const)('%s is %s', (userAgent, kind) => {
  expect(phoneKindOf(userAgent)).toBe(kind)
})

test('where nobody can ask what it is pointed at with, it is not touched', () => {
  expect(isTouched()).toBe(false)
})
