/** Fictional numbers. */
export const OWNER = '+15550100001'
export const CONTACT = '+15550100002'
/** Those who write in a long run. */
export const CONTACTS = [CONTACT, '+15550100003', '+15550100004', '+15550100005']
