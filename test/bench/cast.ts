/** Fictional numbers. */
export const OWNER = '+15550100001'
export const CONTACT = '+15550100002'
