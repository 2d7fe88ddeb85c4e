// Acknowledgements: the page's stream says when the page shows what a command has changed.

/** A page is not shown later than that for want of a word that was lost. */
const PATIENCE = 1000
const KEPT = 100

const heard = new Set<string>()
const waiting = new Map<string, () => void>()

/** The stream has said this number, perhaps before the answer that promised it was read. */
export function acknowledge(number: string): void {
  const done = waiting.get(number)
  if (done) return done()
  heard.add(number)
  if (heard.size > KEPT) heard.delete(heard.values().next().value!)
}

/** The numbers that are still to be said: a stream that opens anew says them. */
export const unheard = (): string[] => [...waiting.keys()]

/** Resolves when the number has been said, after a second at the latest; at once without one. */
export function acknowledged(number: string | undefined): Promise<void> | undefined {
  if (!number || heard.delete(number)) return undefined
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      waiting.delete(number)
      resolve()
    }
    const timer = setTimeout(done, PATIENCE)
    waiting.set(number, done)
  })
}
