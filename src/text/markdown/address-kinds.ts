/** The file itself, or a place that only the program around a model knows. */
const UNOPENABLE = /^(?:data|blob|sandbox|attachment):/i

/** Whether a person can do nothing with an address. */
export function isUnopenable(address: string): boolean {
  return UNOPENABLE.test(address)
}
