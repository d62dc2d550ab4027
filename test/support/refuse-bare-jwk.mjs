/** With `--import`: Node's crypto reads no private key as a JWK without its public part, as in late versions of Node 24. */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const original = crypto.createPrivateKey
crypto.createPrivateKey = (input) => {
  if (input.format === 'jwk' && input.key.x === '') throw new TypeError('Invalid JWK OKP key')
  return original(input)
}
syncBuiltinESMExports()
