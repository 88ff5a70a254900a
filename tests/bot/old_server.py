"""A server that speaks just enough of PostgreSQL's protocol to say how old it is."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SAYS = {  # what a new connection asks first
    b"version()": b"PostgreSQL %s on x86_64-pc-linux-gnu",
    b"current_schema": b"public",
    b"standard_conforming_strings": b"on",
    b"isolation level": b"read committed",
}


@contextmanager
def server_of(version: str) -> Iterator[int]:
    """The server of a version, such as 9.6.24; its port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_serve, args=(door, version.encode()), daemon=True).start()
        yield door.getsockname()[1]


def _serve(door: socket.socket, version: bytes) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_talk, args=(door.accept()[0], version), daemon=True).start()


def _talk(wire: socket.socket, version: bytes) -> None:
    with wire, contextlib.suppress(OSError, struct.error):
        while True:
            length, code = struct.unpack("!II", _read(wire, 8))
            _read(wire, length - 8)
            if code == 3 << 16:
                break
            wire.sendall(b"N")  # neither TLS nor GSSAPI
        told = {b"server_version": version, b"client_encoding": b"UTF8", b"server_encoding": b"UTF8"}
        wire.sendall(_message(b"R", struct.pack("!I", 0)))
        wire.sendall(b"".join(_message(b"S", name + b"\0" + said + b"\0") for name, said in told.items()))
        wire.sendall(_message(b"Z", b"I"))
        state = b"I"
        while (head := _read(wire, 5))[:1] != b"X":
            asked = _read(wire, struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] == b"Q":
                state = b"T" if asked.startswith(b"BEGIN") else b"I" if asked.startswith((b"COM", b"ROLL")) else state
                wire.sendall(_answer(asked, version) + _message(b"Z", state))
            elif head[:1] == b"S":  # after a statement with parameters, which nobody needs to be answered
                wire.sendall(_message(b"1", b"") + _message(b"2", b"") + COLUMN + DONE + _message(b"Z", state))


def _answer(asked: bytes, version: bytes) -> bytes:
    said = next((said for words, said in SAYS.items() if words in asked), None)
    if said is None:
        return DONE
    said = said.replace(b"%s", version)
    return COLUMN + _message(b"D", struct.pack("!hi", 1, len(said)) + said) + DONE


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


COLUMN = _message(b"T", struct.pack("!h", 1) + b"said\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0))
DONE = _message(b"C", b"SELECT 0\0")


def _read(wire: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = wire.recv(count - len(data))
        if not more:
            raise OSError("closed")
        data += more
    return data
