"""Event streams: however their bytes are cut, they mean the same."""

import json
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EVENTS = (
    "\ufeff: a comment\r\n"
    "event: datastar-patch-elements\r\ndata: selector #t\rdata: mode inner\n"
    "data: elements <b>é 𝄞</b>\r\n"
    "data:elements  two\n\n"
    "retry: 50\nretry: x\n: again\nid\nid: nul\0l\n"
    "data: ignored, it has no event\n\n"
    "event: datastar-patch-elements\n\n"
    'event\nevent: datastar-patch-signals\ndata: signals {\r\ndata: signals "n": 1}\r\r\n'
    '\nevent:datastar-patch-signals\nunknown: field\ndata: signals {"last": true}\n\n'
    'event: datastar-patch-signals\ndata: signals {"never": true}\n'
)


def test_bytes_cut_anywhere_mean_the_same(show, server):
    raw = EVENTS.encode()
    tab = show("""<p id=t></p>""")
    # The answers are made in the page, so that every cut really is a chunk of its own.
    tab.value("""window.feed = async (chunks) => {
      const original = window.fetch
      helio.mergePatch({n: null, last: null, never: null})
      t.innerHTML = ''
      window.fetch = async () => new Response(new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new Uint8Array(chunk))
          controller.close()
        },
      }), {headers: {'content-type': 'text/event-stream'}})
      await helio.actions.get('/made-here')
      window.fetch = original
      return [t.innerHTML, helio.root.n, helio.root.last, helio.root.never]
    }, 0""")
    expected = ["<b>é 𝄞</b>\n two", 1, True, ""]
    cuts = [[list(raw)], [[byte] for byte in raw]]
    cuts += [[list(raw[:at]), list(raw[at:])] for at in range(1, len(raw))]
    dice = random.Random(7)  # noqa: S311
    for _ in range(100):
        places = sorted(dice.sample(range(1, len(raw)), 5))
        cuts.append(
            [list(raw[a:b]) for a, b in zip([0, *places], [*places, len(raw)], strict=True)]
        )
    results = tab.page.evaluate(
        """async (cuts) => { const all = []; for (const cut of cuts) all.push(await feed(cut));
          return all }""",
        cuts,
    )
    assert results == [expected] * len(cuts)
    assert tab.errors == []


lines = st.text(alphabet="ab:\r\n dt", max_size=30)


def test_random_streams_agree_with_the_rules(show):
    tab = show(
        """<i
          data-on:datastar-fetch="window.heard?.push([evt.detail.type, evt.detail.argsRaw])"></i>"""
    )
    tab.value("""window.feed = async (text) => {
      const original = window.fetch
      window.heard = []
      window.fetch = async () => new Response(text,
        {headers: {'content-type': 'text/event-stream'}})
      await helio.actions.get('/made-here')
      window.fetch = original
      return heard.slice(1, -1)
    }, 0""")

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.sampled_from(
                [
                    "data: k v",
                    "data:k",
                    "data",
                    "data: k  w",
                    ":c",
                    "event: datastar-x",
                    "event",
                    "id: 1",
                    "",
                    "",
                    "junk: x",
                    "data: l v:w",
                ]
            ),
            max_size=12,
        ),
        st.lists(st.sampled_from(["\n", "\r", "\r\n"]), min_size=12, max_size=12),
    )
    def check(parts, ends):
        text = "".join(part + end for part, end in zip(parts, ends, strict=False))
        found = tab.page.evaluate("(text) => feed(text)", text)
        assert found == [[kind, fields] for kind, fields in parse(text) if kind == "datastar-x"]

    check()


def parse(text):
    """The rules of the HTML standard, slowly."""
    events, kind, data = [], "", []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for line in text.split("\n")[:-1]:
        if not line:
            if data:
                fields = {}
                for item in "\n".join(data).split("\n"):
                    name, _, value = item.partition(" ")
                    fields[name] = f"{fields[name]}\n{value}" if name in fields else value
                events.append((kind, fields))
            kind, data = "", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            kind = value
    return events


def test_many_small_events_arrive_in_order(show, server):
    body = "".join(
        f"event: datastar-patch-signals\ndata: signals {json.dumps({'n': n})}\n\n"
        for n in range(3000)
    )
    server.answers("GET", "/x", body, content_type="text/event-stream")
    tab = show("""<i data-init="@get('/x')"></i><b id=t data-text="$n"></b>""")
    tab.until("t.textContent == '2999'")
