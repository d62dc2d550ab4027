import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../../src/network/no-proxy.ts'
import { isWithheld } from '../../../src/network/withheld-destination.ts'

describe('where nothing of ours connects to', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.0.1/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::169.254.169.254]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fd20:ce::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'http://instance-data/',
    'http://１６９.254.169.254/',
  ])('%s', (url) => expect(isWithheld(destinationOf(url).host)).toBe(true))

  it('a resolved address may name its interface', () => expect(isWithheld('fe80::1%eth0')).toBe(true))

  it.each([
    'http://127.0.0.1:9000/',
    'http://localhost/',
    'http://[::1]/',
    'http://10.0.0.7/',
    'http://192.168.1.20/',
    'http://172.16.0.1/',
    'http://[fd12:3456::1]/',
    'http://169.253.0.1/',
    'http://100.100.100.201/',
    'https://hooks.example/metadata',
  ])('%s may be posted to', (url) => expect(isWithheld(destinationOf(url).host)).toBe(false))
})
