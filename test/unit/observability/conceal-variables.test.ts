import { expect, it } from 'vitest'
import { configureLogger, createLogger } from '../../../src/observability/log/logger.ts'
import { concealVariables } from '../../../src/observability/conceal-variables.ts'

it.each([
  ['getaddrinfo ENOTFOUND models.example', 'getaddrinfo ENOTFOUND ${HOST_NAME}'],
  ['http://models.example:80/v1?a=models.example', 'http://${HOST_NAME}:80/v1?a=${HOST_NAME}'],
  ['xmodels.example models.examples', 'xmodels.example models.examples'],
  ['models.example.org is the longer one', '${LONGER} is the longer one'],
  ['short', 'short'],
  ['$& and $1 are no patterns: a$&b$1c.d', '$& and $1 are no patterns: ${DOLLARS}'],
])('%s', (text, shown) => {
  const variables = {
    HOST_NAME: 'models.example',
    LONGER: 'models.example.org',
    SHORT: 'short',
    DOLLARS: 'a$&b$1c.d',
  }
  expect(concealVariables(text, variables)).toBe(shown)
})

it('holds for every way into a log line, also of loggers that existed before', () => {
  let text = ''
  const logger = createLogger({
    level: 'trace',
    format: 'json',
    destination: { write: (line) => void (text += line) },
  })
  const child = logger.child({ part: 'x' })
  const secret = 'topsecret "quoted" 0123'
  configureLogger(logger, { level: 'trace', format: 'json' }, { NAME: secret })
  for (const each of [logger, child, logger.child({ bound: secret })]) {
    each.info(`a ${secret}`)
    each.warn({ url: `http://${secret}/` }, 'b')
    each.error(new Error(`c ${secret}`, { cause: new Error(secret) }))
    each.error({ err: new Error(secret), list: [{ deep: secret }], [secret]: 1 }, 'd')
    each.info('e %s', secret)
  }
  expect(text).toContain('${NAME}')
  expect(text).not.toContain('topsecret')
  configureLogger(logger, { level: 'trace', format: 'json' })
  logger.info(secret)
  expect(text).toContain('topsecret')
})
