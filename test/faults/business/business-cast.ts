import type { Person } from '../cast.ts'

/** Two numbers of one Meta app: what is for either of them comes by the address of the first one's account. */
export const BUSINESS_NUMBERS = [
  { account: 'default', phoneNumber: '+15550300000', name: 'Corner Shop' },
  { account: 'second', phoneNumber: '+15550300009', name: 'Second Shop' },
] as const

/** Somebody who writes to the business. Numbers are fictional. */
export interface Customer extends Person {
  /** Meta hides the number of somebody with a username: they are known by an id alone. */
  username: string | null
}

const customer = (phoneNumber: string, name: string, isAllowed: boolean, username?: string): Customer => ({
  phoneNumber,
  name,
  letter: name.charAt(0),
  writesBy: [],
  isAllowed,
  username: username ?? null,
})

/** Four who may talk and two of whom nobody may hear a sign of life; of each kind one whose number is hidden. */
export const CUSTOMERS: readonly Customer[] = [
  customer('+15550300001', 'Anna', true),
  customer('+15550300002', 'Boris', true),
  customer('+5531987650003', 'Clara', true),
  customer('+15550300004', 'Dario', true, 'dario'),
  customer('+15550300005', 'Xaver', false),
  customer('+15550300006', 'Yanis', false, 'yanis'),
]
