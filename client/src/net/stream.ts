// The page's streams, for whoever changes what the tab tells its server.

/** What was taken away may be followed by more: the server hears of it when all is quiet. */
const QUIET = 500

type Open = (anew: boolean) => void
let open: Open = () => {}
let changed: (url: string | undefined) => void = () => {}
let newest: object | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/** Names the one function that opens the page's streams, those that are open too if `anew`. */
export function onOpen(run: Open): void {
  open = run
}

/** Names the one function that hears at which URL the page's stream is open; at none if it ends. */
export function onChange(run: (url: string | undefined) => void): void {
  changed = run
}

/** Says whether a stream is open. The one that opened last is the page's. */
export function noteStream(stream: object, url: string, online: boolean): void {
  if (!online && newest !== stream) return
  newest = stream
  changed(online ? url : undefined)
}

/** Opens the page's streams again at once. */
export function reopen(): void {
  open(true)
}

/** Opens them again when there is time: nothing on the page waits for it. */
export function reopenSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(reopen, QUIET)
}

/** Opens a stream if there is none and something wants one. */
export function ensureOpen(): void {
  open(false)
}
