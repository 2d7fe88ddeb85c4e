"""What a test tells a page, and what its requests tell."""

import json

from runtime.events import event


def answers(server, *events, path="/x"):
    server.answers("POST", path, "".join(events), content_type="text/event-stream")


def command(tab, path="/x"):
    tab.page.evaluate(f"void helio.actions.post('{path}')")


def told(call):
    assert call.method == "POST"
    assert call.headers["helio-stream"] == "open"
    assert call.headers["content-type"] == "application/json"
    assert "helio-have" not in call.headers
    return json.loads(call.body)


def title(stream, tab, words):
    """What came before has taken effect."""
    stream.write(event("helio-title", detail=json.dumps({"title": words})))
    tab.until(f"document.title == '{words}'")
