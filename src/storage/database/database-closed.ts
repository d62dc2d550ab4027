/** Something that outlived its account wanted to read or write: nothing is wrong with the disk. */
export class DatabaseClosed extends Error {
  constructor(path: string) {
    super(`${path} is closed`)
    this.name = 'DatabaseClosed'
  }
}
