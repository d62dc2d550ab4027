import { expect, it } from 'vitest'
import {
  callbackAddress,
  withoutPathSecret,
} from '../../../../../src/transports/cloud-api/credentials/callback-address.ts'

const BARE = 'https://shop.example/webhooks/whatsapp/default'
const SECRET = 'Zm9vYmFyYmF6cXV4MTIzNA'

it.each([
  BARE,
  `${BARE}/`,
  `${BARE}//`,
  `${BARE}/${SECRET}`,
  `${BARE}/${SECRET}/`,
  `${BARE}//${SECRET}`,
  `${BARE}///${SECRET}//`,
  `${BARE}/${SECRET}/${SECRET}`,
])('posts go to the one address that is answered, whoever gave it as %s', (given) => {
  const kept = withoutPathSecret(given, SECRET)
  expect(kept).toBe(BARE)
  expect(callbackAddress(kept, { pathSecret: SECRET })).toBe(`${BARE}/${SECRET}`)
  expect(callbackAddress(kept, { pathSecret: null })).toBe(BARE)
})

it('of another secret nothing is taken away', () => {
  expect(withoutPathSecret(`${BARE}/${SECRET}x`, SECRET)).toBe(`${BARE}/${SECRET}x`)
  expect(withoutPathSecret(`${BARE}-${SECRET}`, SECRET)).toBe(`${BARE}-${SECRET}`)
})
