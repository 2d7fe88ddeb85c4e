"""Events as the server writes them, and the markup they are about."""

DOCUMENT = """<!doctype html><html{html}><head><meta charset="utf-8">{head}<title>test</title>
<script type="module">import * as helio from "/helio.js"; window.helio = helio</script>
</head><body>{body}</body></html>"""

OPENER = """<template id="helio-page" data-build="b1"
  data-init="@get('/live', {live: true, retry: 'always', retryMaxCount: 1000000, retryInterval: 50,
  filterSignals: {include: '^$'}})"></template>"""


def event(name: str, **lines: str) -> str:
    """One event: each field by name, its lines one by one."""
    text = f"event: {name}\n"
    for key, value in lines.items():
        text += "".join(f"data: {key} {line}\n" for line in value.split("\n"))
    return text + "\n"


def batch(*events: str) -> str:
    return event("helio-batch", size=str(len(events))) + "".join(events)


def steps(region: str, base: str, version: str, *changes: tuple[str, ...]) -> str:
    """The steps of a region, each a mode, a target and perhaps HTML."""
    text = f"event: helio-steps\ndata: region {region} {base} {version}\n"
    for at, (mode, target, *html) in enumerate(changes):
        text += f"data: step {mode} {target}\n"
        text += "".join(f"data: html {at} {line}\n" for line in html)
    return text + "\n"


def whole(region: str, version: str, inside: str, tag: str = "div") -> str:
    """A region sent whole."""
    return event(
        "datastar-patch-elements",
        selector=f'[data-region="{region}"]',
        elements=f'<{tag} data-region="{region}" data-v="{version}">{inside}</{tag}>',
    )


def mount(into: str, key: str, grant: str, html: str | None = None, mode: str = "inner") -> str:
    """A region for a target; without HTML only its grant."""
    lines = {"into": into, "mode": mode, "key": key, "grant": grant}
    return event("helio-mount", **lines, **({} if html is None else {"html": html}))


def region(key: str, inside: str, version: str = "1", tag: str = "div") -> str:
    return f'<{tag} data-region="{key}" data-v="{version}">{inside}</{tag}>'


def slot(name: str, default: str = "") -> str:
    return f'<helio-slot data-slot="{name}" style="display:contents">{default}</helio-slot>'


def opener(url: str | None = "/live", build: str = "b1", layout: str = "l1") -> str:
    """The element that opens a page's stream; a static page opens none."""
    options = "{live: true, retry: 'always', retryInterval: 50, filterSignals: {include: '^$'}}"
    init = f""" data-init="@get('{url}', {options})\"""" if url else ""
    return (
        f'<template id="helio-page" data-build="{build}" data-layout="{layout}"{init}></template>'
    )
