// The connection banner: one quiet line while the page is cut off from its server.
import { region } from './shell'

let banner: HTMLElement | undefined

/** Shows the banner. `data-helio-banner` on <html> gives other words, or `off`. */
export function showBanner(): void {
  const words = document.documentElement.getAttribute('data-helio-banner')
  if (banner || words === 'off') return
  banner = document.createElement('p')
  banner.className = 'banner'
  banner.part.add('banner')
  banner.textContent = words || 'Connection lost. Reconnecting …'
  region('status').append(banner)
}

export function hideBanner(): void {
  banner?.remove()
  banner = undefined
}
