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
