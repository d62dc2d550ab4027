import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { deleteMedia, describeMedia, uploadMedia } from '../media/media-calls.ts'
import { markRead } from '../messages/mark-read.ts'
import { sendMessage } from '../messages/send-message.ts'
import { numberHealth } from '../management/health-status.ts'
import { DialogError } from './dialog-error.ts'
import { unknownObject } from './graph-error.ts'
import type { GraphCall } from './graph-route.ts'
import type { GraphRequest } from './graph-request.ts'

/**
 * The calls of 360dialog's v2: the key stands for the number, so that paths have neither a version nor an id. Source: 360dialog's
 * documentation. Throws `GraphError`, and `DialogError` for what 360dialog itself refuses.
 */
export function dialogCall(env: BusinessEnvironment, request: GraphRequest): GraphCall {
  const { method, path, body } = request
  const number = [...env.directory.numbers.values()].find(
    ({ provider, accessToken }) => provider === '360dialog' && accessToken === request.dialogKey,
  )
  if (number === undefined || number.token.isRevoked) throw new DialogError(401, 'Invalid api key')
  const call = (operation: GraphCall['operation'], run: GraphCall['run']): GraphCall => {
    return { operation, number, run }
  }
  if (method === 'POST' && path === '/messages')
    return body['status'] === undefined
      ? call('send', () => sendMessage(env, number, body))
      : call('mark-read', () => markRead(env, number, body))
  if (method === 'POST' && path === '/media') return call('upload', () => uploadMedia(env, number, request))
  if (path === '/v1/configs/webhook')
    return call('configure-webhook', () => {
      if (method === 'POST') number.callbackUrl = urlIn(body)
      return { url: number.callbackUrl }
    })
  if (method === 'GET' && path === '/health_status')
    return call('number', () => ({ health_status: numberHealth(number), id: number.phoneNumberId }))
  if (method === 'GET' && path === '/v1/configs/templates')
    return call('templates', () => ({ waba_templates: number.account.templates }))
  const id = path.slice(1)
  const media = env.media.get(id)
  if (media === undefined || media.number !== number) throw unknownObject(method, id)
  return method === 'DELETE'
    ? call('delete-media', () => deleteMedia(env, media))
    : call('describe-media', () => describeMedia(env, media))
}

function urlIn(body: unknown): string {
  const url = isRecord(body) ? body['url'] : undefined
  if (typeof url !== 'string' || !URL.canParse(url)) throw new DialogError(400, 'The URL is not valid')
  return url
}
