import type { BusinessCredentials } from './business-credentials.ts'

/** The whole address that webhooks are posted to: at 360dialog with the secret at its end. It is shown to who may link alone. */
export function callbackAddress(
  callbackUrl: string,
  { pathSecret }: Pick<BusinessCredentials, 'pathSecret'>,
): string {
  return pathSecret === null ? callbackUrl : `${callbackUrl}/${pathSecret}`
}

/** An address as somebody gave it, perhaps whole, without the secret, which is not shown to everybody, and without a slash at its end, where nothing answers. */
export function withoutPathSecret(callbackUrl: string, pathSecret: string): string {
  const ending = `/${pathSecret}`
  let bare = withoutSlashes(callbackUrl)
  while (bare.endsWith(ending)) bare = withoutSlashes(bare.slice(0, -ending.length))
  return bare
}

function withoutSlashes(address: string): string {
  return address.replace(/\/+$/, '')
}
