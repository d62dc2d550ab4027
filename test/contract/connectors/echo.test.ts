import { describeConnector } from './connector-contract.ts'

describeConnector('echo', {
  // There is nobody on the other side.
  behaviours: ['answers'],
  start: async () => {},
  stop: async () => {},
  settings: () => ({}),
  released: async () => {},
  env: {},
  secret: null,
})
