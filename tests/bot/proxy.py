"""A wire to a database server that can be cut: connections break and are refused, or nothing comes through any more."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import make_url


@dataclass(slots=True)
class Proxy:
    """Passes bytes on, in both directions, between its own port on loopback and a server's."""

    there: tuple[str, int]
    port: int = 0
    flowing: threading.Event = field(default_factory=threading.Event)
    _door: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def restore(self) -> None:
        """Let everything through, again."""
        self.flowing.set()
        if self._door is None:
            self._door = socket.create_server(("127.0.0.1", self.port))
            self.port = self._door.getsockname()[1]
            threading.Thread(target=self._serve, args=(self._door,), daemon=True).start()

    def cut(self) -> None:
        """Break what is open; who comes is refused."""
        door, self._door = self._door, None
        if door is not None:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
            door.close()
        self.flowing.set()
        self._break()

    def silence(self) -> None:
        """Let nothing through, and break nothing: a server that does not answer."""
        self.flowing.clear()

    def address_of(self, url: str) -> str:
        """An address that leads through here."""
        return make_url(url).set(host="127.0.0.1", port=self.port).render_as_string(hide_password=False)

    def _break(self) -> None:
        while self._open:
            one = self._open.pop()
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self, door: socket.socket) -> None:
        while True:
            try:
                here = door.accept()[0]
            except OSError:
                return
            there = socket.create_connection(self.there)
            self._open += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                self.flowing.wait()
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    """A wire to the server of an address."""
    parsed = make_url(url)
    proxy = Proxy((parsed.host or "127.0.0.1", parsed.port or 5432))
    proxy.restore()
    try:
        yield proxy
    finally:
        proxy.cut()
