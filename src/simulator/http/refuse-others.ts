import type { MiddlewareHandler } from 'hono'

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/** A page of another site must not act here, neither by its script nor by a host name that points to loopback. */
export const refuseOthers: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? ''
  const origin = context.req.header('origin')
  const isOwnOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
  if (!LOOPBACK_HOST.test(host) || !isOwnOrigin) {
    return context.json({ error: { message: 'only for this machine and its own pages' } }, 403)
  }
  return next()
}
