// What the request of a page's stream tells of the tab: what it has, what is mounted in it,
// where it is present.
import { hasGrants, isAwaited, tellMounts } from '../mounts/mounts'
import { isPresent, tellPresence } from '../presence/presence'
import { unheard } from './acks'

/** No more than this of what the page already has is told in a header; servers limit theirs. */
const HEADER_LIMIT = 4096
const BODY_LIMIT = 65_536

/** The regions on the page with their versions, so that a stream need not send what is here. */
function versions(): Record<string, string> {
  const have = new Map<string, string | undefined>()
  for (const el of document.querySelectorAll<HTMLElement>('[data-region]')) {
    const { region = '', v } = el.dataset
    // Of copies that differ, and of what is to come to a further place, nothing is known.
    const known = !isAwaited(region) && (!have.has(region) || have.get(region) === v)
    have.set(region, known ? v : undefined)
  }
  return Object.fromEntries([...have].filter(([, version]) => version !== undefined)) as Record<
    string,
    string
  >
}

/** Writes it into the headers of a request, and what they cannot hold into a body. */
export function tell(headers: Record<string, string>): string | undefined {
  const build = document.getElementById('helio-page')?.dataset.build
  if (build) headers['Helio-Build'] = build
  const acks = unheard()
  if (acks.length) headers['Helio-Acks'] = acks.join(' ')
  const have = versions()
  const mounts = tellMounts()
  const presence = tellPresence()
  const list = Object.entries(have)
    .map((pair) => pair.join('='))
    .join(' ')
  if (!mounts.length && !presence.length && list.length <= HEADER_LIMIT) {
    if (list) headers['Helio-Have'] = list
    return undefined
  }
  headers['Helio-Stream'] = 'open'
  headers['Content-Type'] = 'application/json'
  const body = JSON.stringify({ have, mounts, presence })
  return new TextEncoder().encode(body).length <= BODY_LIMIT
    ? body
    : JSON.stringify({ have: {}, mounts, presence })
}

/** Whether there is anything that wants a stream, though the page itself needs none. */
export const wantsStream = (): boolean => hasGrants() || isPresent()
