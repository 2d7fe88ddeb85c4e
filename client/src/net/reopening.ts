// How whoever changes what the tab tells its server has the page's streams opened anew.

let run = (): void => {}

/** Names the one function that opens the page's streams again. */
export function onReopen(open: () => void): void {
  run = open
}

/** Opens the page's streams again at once. */
export function reopen(): void {
  run()
}

/** What was taken away may be followed by more: the server hears of it when all is quiet. */
const QUIET = 500
let timer: ReturnType<typeof setTimeout> | undefined

/** Opens them again when there is time: nothing on the page waits for it. */
export function reopenSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(reopen, QUIET)
}
