"""Events as the server writes them, and the markup they are about."""

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
