// helio-*: effects that carry data, not code, so that a strict content policy allows them.
// data: detail {json}
import { webUrl } from '../engine/dom'
import { fail } from '../engine/errors'
import type { Message, WatcherPlugin } from '../engine/plugins'
import { acknowledge } from '../net/acks'
import { whenIdle } from '../net/idle'
import { leave, reloadPage } from '../net/leaving'
import { reopen } from '../net/stream'
import { toast } from '../notices/toasts'

type Detail = Record<string, unknown>

function effect(name: string, run: (detail: Detail) => void): WatcherPlugin {
  return {
    name: `helio-${name}`,
    apply(_, { detail = '{}' }: Message) {
      run(JSON.parse(detail) as Detail)
    },
  }
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : fail('InvalidEffect', JSON.stringify(value))

export const effects: WatcherPlugin[] = [
  effect('navigate', ({ url, mode = 'push', when }) => {
    if (mode === 'reload') return when === 'idle' ? whenIdle(reloadPage) : reloadPage()
    leave(webUrl(text(url)), mode === 'replace')
  }),
  effect('title', ({ title }) => {
    document.title = text(title)
  }),
  effect('focus', ({ selector }) => {
    document.querySelector<HTMLElement>(text(selector))?.focus()
  }),
  effect('dispatch', ({ name, detail, selector }) => {
    const targets = selector === undefined ? [document] : document.querySelectorAll(text(selector))
    for (const target of targets)
      target.dispatchEvent(new CustomEvent(text(name), { detail, bubbles: true }))
  }),
  effect('reconnect', reopen),
  effect('toast', ({ text: words, tone, id }) => {
    toast({ text: text(words), tone: tone as string | undefined, id: id as string | undefined })
  }),
  { name: 'helio-ack', apply: (_, { ack = '' }: Message) => acknowledge(ack) },
]
