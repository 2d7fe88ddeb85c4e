// One request from its start to its end: attempts, retries, pauses while the page is hidden.
//
//     idle -> open -> reading -> over
//              ^  \       |
//              |   failed / ended -> waiting -+
//              +------------------------------+
//     open, reading, waiting -> paused (hidden, or in the back/forward cache) -> open
import { report } from '../engine/errors'
import { endToast, toast } from '../notices/toasts'
import { acknowledged } from './acks'
import { applyBody, kindOf, readStream } from './answer'
import { Backoff } from './backoff'
import { announce, isApplying, type Receiver } from './deliver'
import { editedSince, editMark } from './edits'
import { noteSent } from './idle'
import type { Outgoing } from './request'
import { setState, type State } from './status'
import { noteStream } from './stream'
import { forget } from './waiting'

/** A command is a user's act: it is not done minutes later, when nobody expects it any more. */
const COMMAND_ATTEMPTS = 3
/** Helio's streams give a sign of life every 15 s. */
const SILENCE = 50_000

type Verdict = 'over' | 'again' | 'failed'

export class Exchange {
  readonly #outgoing: Outgoing
  readonly #backoff: Backoff
  readonly #live: boolean
  readonly #pausable: boolean
  readonly #command: boolean
  #controller: AbortController | undefined
  #lastId = ''
  #closed = false
  #paused = false
  #hurry = false
  #left = false
  #wake: (() => void) | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #receiver: Receiver | undefined
  /** The number under which the page's stream will say that the command shows. */
  ack: string | undefined
  /** When it does; nothing to wait for if there is no such number. */
  shows: Promise<void> | undefined

  constructor(outgoing: Outgoing) {
    const { options, method } = outgoing
    this.#outgoing = outgoing
    this.#live = options.live ?? false
    this.#command = method !== 'GET'
    this.#pausable = !(options.openWhenHidden ?? this.#command)
    this.#backoff = new Backoff(
      this.#command ? { retryMaxCount: COMMAND_ATTEMPTS, ...options } : options,
    )
  }

  get live(): boolean {
    return this.#live
  }

  get closed(): boolean {
    return this.#closed
  }

  get command(): boolean {
    return this.#command
  }

  /** Whether this exchange is changing the page right now. */
  get applying(): boolean {
    return isApplying(this.#receiver)
  }

  /** Ends it for good. */
  close(): void {
    this.#closed = true
    this.#interrupt()
  }

  /**
   * Opens it anew at once, whatever it is doing: the network came back, or the server asked for
   * it.
   */
  reopen(): void {
    this.#hurry = true
    this.#interrupt()
  }

  #interrupt(): void {
    this.#controller?.abort()
    this.#wake?.()
  }

  #pause(pause: boolean): void {
    this.#paused = pause
    if (pause) this.#interrupt()
    else this.#wake?.()
  }

  /** A page that is hidden, or kept for the way back, needs no stream. */
  #listen(signal: AbortSignal): void {
    const rests = (): boolean => this.#pausable && document.hidden
    if (this.#pausable)
      document.addEventListener('visibilitychange', () => this.#pause(document.hidden), { signal })
    if (!this.#command) {
      addEventListener('pagehide', () => this.#pause(true), { signal })
      addEventListener('pageshow', () => this.#pause(rests()), { signal })
    } else {
      // The browser cuts the requests of a page that is being left: that is no news for the user.
      addEventListener('beforeunload', () => (this.#left = true), { signal })
    }
    // A connection from before the gap may be dead without knowing it.
    addEventListener('online', () => (this.#live ? this.reopen() : this.#wake?.()), { signal })
    this.#paused = rests()
  }

  /** Runs to the end. Never rejects. */
  async run(): Promise<void> {
    const listeners = new AbortController()
    this.#listen(listeners.signal)
    try {
      await this.#attempts()
    } finally {
      listeners.abort()
      this.#state(undefined)
      if (this.#live) forget(this.#outgoing.el)
    }
  }

  async #attempts(): Promise<void> {
    for (;;) {
      while (this.#paused && !this.#closed) await this.#rest()
      if (this.#closed) return
      const verdict = await this.#attempt()
      if (this.#closed || verdict === 'over') return
      if (this.#paused || this.#hurry) continue
      const wait = this.#backoff.next(this.#live)
      if (verdict === 'failed' || wait === undefined) {
        announce('retries-failed', this.#outgoing.el, {})
        if (this.#command)
          this.#toast('error', 'The action was not done: the server cannot be reached.')
        return
      }
      announce('retrying', this.#outgoing.el, {
        message: `${this.#outgoing.method} ${this.#outgoing.url}`,
      })
      this.#state('offline')
      await this.#rest(wait)
    }
  }

  /** Waits for the time, or until something wakes it. */
  #rest(wait?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = wait === undefined ? undefined : setTimeout(() => this.#wake?.(), wait)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }

  async #attempt(): Promise<Verdict> {
    const { retry = 'auto' } = this.#outgoing.options
    const controller = (this.#controller = new AbortController())
    this.#hurry = false
    this.#state('connecting')
    const began = performance.now()
    let response: Response
    const mark = editMark()
    try {
      const [url, init] = await this.#outgoing.build(this.#lastId, controller.signal)
      if (controller.signal.aborted) return 'again'
      response = await window.fetch(url, init)
    } catch {
      if (controller.signal.aborted) return 'again'
      if (retry === 'never') return 'failed'
      if (this.#command)
        this.#toast('error', 'Not done yet: the server cannot be reached. Trying again …')
      return 'again'
    }
    if (this.#command) endToast(this.#toastId)
    if (this.#command && response.ok) noteSent(began)
    // What was refused changes nothing that could be shown.
    this.ack = (response.ok && response.headers.get('helio-ack')) || undefined
    this.shows = acknowledged(this.ack)
    return this.#answer(response, controller, mark)
  }

  async #answer(response: Response, controller: AbortController, mark: number): Promise<Verdict> {
    const { el, options } = this.#outgoing
    const { retry = 'auto' } = options
    const { status } = response
    const kind = kindOf(response)
    if (status >= 400) announce('error', el, { status: String(status) })
    if (status === 204) return 'over'
    // Streams without an end say what is so by then, not what was when they were asked for.
    const once = this.#command || kind !== 'stream' || response.headers.has('content-length')
    const receiver = (this.#receiver = this.#receive(once ? mark : undefined))
    try {
      if (kind === 'stream') {
        if (response.ok) this.#state('online')
        await readStream(response, receiver, this.#lastId)
      } else if (!this.#live) {
        const applied = await applyBody(response, kind, receiver)
        if (status >= 400 && !applied && this.#command)
          this.#toast('error', `The action failed on the server (${status}).`)
      } else if (status < 400) {
        report(
          { el, attribute: this.#outgoing.url },
          `the page's stream was answered with ${response.headers.get('content-type')}`,
        )
      }
    } catch {
      // The connection broke in the middle.
      if (this.#closed) return 'over'
      if (controller.signal.aborted) return 'again'
      if (retry === 'never') return 'over'
      if (!this.#command || retry !== 'auto') return 'again'
      // It has reached the server: doing it twice would be worse than not knowing.
      this.#toast('error', 'The answer was cut off: the action may have been done.')
      return 'over'
    } finally {
      clearTimeout(this.#watchdog)
      controller.abort()
    }
    if (this.#closed) return 'over'
    if (this.#live || retry === 'always') return 'again'
    return retry === 'error' && status >= 400 ? 'again' : 'over'
  }

  #receive(mark: number | undefined): Receiver {
    return {
      el: this.#outgoing.el,
      live: this.#live,
      isOver: () => this.#live && this.#closed,
      // What the user typed since is newer than what the answer knows.
      ...(mark === undefined ? {} : { except: (path: string) => editedSince(path, mark) }),
      // A live stream that says nothing for so long is gone, though nobody told us.
      alive: () => {
        clearTimeout(this.#watchdog)
        if (this.#live) this.#watchdog = setTimeout(() => this.reopen(), SILENCE)
      },
      received: ({ event, id }) => {
        this.#lastId = id
        this.#backoff.reset()
        if (event === 'datastar-close') this.#closed = true
      },
      retry: (milliseconds) => (this.#backoff.base = milliseconds),
    }
  }

  #state(state: State | undefined): void {
    if (!this.#live) return
    setState(this, state)
    noteStream(this, this.#outgoing.url, state === 'online')
  }

  get #toastId(): string {
    return `request-${this.#outgoing.id}`
  }

  #toast(tone: string, text: string): void {
    if (!this.#left) toast({ tone, text, id: this.#toastId })
  }
}
