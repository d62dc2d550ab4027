import { describeConnector } from './connector-contract.ts'

describeConnector('demo', {
  // There is nobody on the other side.
  behaviours: ['answers'],
  words: /^Hello.*!.*> what is my PIN 4711\?.*I am the assistant of this demo/s,
  start: async () => {},
  stop: async () => {},
  settings: () => ({}),
  released: async () => {},
  env: {},
  secret: null,
})
