// What an action sends: URL, headers and body, built afresh for every attempt from the current
// signals.
import { fail } from '../engine/errors'
import { filtered, type Filter } from '../signals/filter'
import type { BackoffOptions } from './backoff'
import { tabId } from './tab'
import { tell } from './told'
import { forget } from './waiting'

export interface RequestOptions extends BackoffOptions {
  contentType?: 'json' | 'form'
  filterSignals?: Filter
  /** The form to send with `contentType: 'form'`; the closest one otherwise. */
  selector?: string
  headers?: Record<string, string>
  openWhenHidden?: boolean
  /** Sent instead of the signals. */
  payload?: unknown
  requestCancellation?: 'auto' | 'cleanup' | 'url' | 'disabled' | AbortController
  retry?: 'auto' | 'error' | 'always' | 'never'
  /** The page's stream: it is reopened for ever, after errors and after clean ends. */
  live?: boolean
}

/** Signals with a name that begins with an underscore stay in the browser. */
const PRIVATE = /(^|\.)_/

export class Outgoing {
  readonly form: HTMLFormElement | undefined

  /**
   * One id per user action, the same on its retries: a server can answer a repetition from
   * memory.
   */
  constructor(
    readonly el: HTMLElement,
    readonly evt: Event | undefined,
    readonly method: string,
    readonly url: string,
    readonly options: RequestOptions,
    readonly id: string,
  ) {
    const { contentType = 'json' } = options
    if (!/^(json|form)$/.test(contentType)) fail('FetchInvalidContentType', contentType)
    this.form = contentType === 'form' ? this.#findForm() : undefined
  }

  /** Whether the form may be sent; shows its messages if not. */
  get valid(): boolean {
    return !this.form || this.form.noValidate || this.form.reportValidity()
  }

  get inUrl(): boolean {
    return this.method === 'GET' || this.method === 'DELETE'
  }

  async build(lastId: string, signal: AbortSignal): Promise<[string, RequestInit]> {
    const url = new URL(this.url, document.baseURI)
    const headers: Record<string, string> = {
      Accept: 'text/event-stream, text/html, application/json',
      'Datastar-Request': 'true',
    }
    let told: string | undefined
    if (url.origin === location.origin) {
      // Who we are is nobody else's business.
      headers['Helio-Request'] = this.id
      headers['Helio-Tab'] = await tabId()
      if (this.options.live) {
        forget(this.el)
        told = tell(headers)
      }
    }
    if (lastId) headers['last-event-id'] = lastId
    const body = this.form ? this.#formBody(this.form, url) : this.#jsonBody(url, headers)
    Object.assign(headers, this.options.headers)
    const init: RequestInit = { method: told ? 'POST' : this.method, headers, signal }
    if (told ?? body !== undefined) init.body = told ?? body!
    // Two streams of one address must not wait for each other at the browser's cache.
    if (this.options.live) init.cache = 'no-store'
    return [url.href, init]
  }

  #findForm(): HTMLFormElement {
    const { selector } = this.options
    const form = selector ? document.querySelector(selector) : this.el.closest('form')
    if (!(form instanceof HTMLFormElement)) return fail('FetchFormNotFound', selector)
    return form
  }

  #jsonBody(url: URL, headers: Record<string, string>): string | undefined {
    const { payload, filterSignals: { include, exclude = PRIVATE } = {}, live } = this.options
    const json = JSON.stringify(payload === undefined ? filtered({ include, exclude }) : payload)
    if (!this.inUrl) {
      headers['Content-Type'] = 'application/json'
      return json
    }
    if (!live || json !== '{}') url.searchParams.set('datastar', json)
    return undefined
  }

  #formBody(form: HTMLFormElement, url: URL): BodyInit | undefined {
    const submitter =
      this.evt instanceof SubmitEvent && this.evt.target === form ? this.evt.submitter : null
    const data = new FormData(form, submitter)
    if (!this.inUrl && form.enctype === 'multipart/form-data') return data
    const pairs = new URLSearchParams()
    for (const [name, value] of data)
      pairs.append(name, typeof value === 'string' ? value : value.name)
    if (!this.inUrl) return pairs
    for (const [name, value] of pairs) url.searchParams.append(name, value)
    return undefined
  }
}
