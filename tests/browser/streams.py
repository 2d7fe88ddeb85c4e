"""A page's stream over plain HTTP: every byte that a browser would get."""

import threading
from contextlib import suppress
from socket import SHUT_RDWR

import httpx

from browser.serving import PATIENCE, until
from helio.wire import Event, Parser


class Stream:
    """An open stream, read in a thread of its own."""

    def __init__(self, url: str, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = {"Datastar-Request": "true", **named}
        self._client = httpx.Client(timeout=httpx.Timeout(PATIENCE, read=None))
        request = self._client.build_request("GET", url, headers=asked)
        self.answer = self._client.send(request, stream=True)
        self.text = ""
        self.events: list[Event] = []
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        parser = Parser()
        try:
            for data in self.answer.iter_bytes():
                self.events += parser.feed(data)
                self.text += data.decode()
        except (httpx.HTTPError, httpx.StreamError):
            pass  # broken by the server, or by `close`
        finally:
            self.ended.set()

    def shows(self, text: str) -> None:
        """Wait until something that was sent holds this text."""
        until(lambda: text in self.text)

    def heard(self, event: str) -> list[str]:
        """The data of all events of this name."""
        return [each.data for each in self.events if each.event == event]

    def close(self) -> None:
        """Go away, as a closed tab does."""
        with suppress(OSError):
            self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._client.close()
