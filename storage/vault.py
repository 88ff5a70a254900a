"""Encryption at rest and blind indexes, from one secret.

Sealed values are AES-256-GCM: one version byte, 12 random bytes of nonce, ciphertext and tag. The purpose
("inbox", "text", …) is bound in as associated data, so that a value cannot be moved to another column unseen.
A blind index is HMAC-SHA256 over the value, so that a platform id can be looked up without being stored.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

VERSION = b"\x01"
NONCE_BYTES = 12
BLIND_BYTES = 20


def derive(secret: str, purpose: str, length: int = 32) -> bytes:
    """Derive a key of `length` bytes for one purpose from the installation's secret (HKDF-SHA256, RFC 5869)."""
    kdf = HKDF(algorithm=SHA256(), length=length, salt=b"sansiang", info=purpose.encode())
    return kdf.derive(secret.encode())


def vault_of(session: Session) -> Vault:
    """The vault that the session factory carries."""
    vault: Vault = session.info["vault"]
    return vault


class SealBroken(Exception):
    """A sealed value cannot be opened: another `SECRET_KEY` sealed it, or it was changed."""


class Vault:
    """Seals, opens and indexes. Safe to use from several threads."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(derive(secret, "seal"))
        self._blind = derive(secret, "blind")

    def seal(self, value: str | bytes, purpose: str) -> bytes:
        """Encrypt a value for one purpose."""
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, data, purpose.encode())

    def open_bytes(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what `seal` made for the same purpose.

        :raises SealBroken: wrong key, wrong purpose, or changed data.
        """
        if sealed[:1] != VERSION:
            raise SealBroken(f"sealed value of purpose {purpose!r} has an unknown version")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, purpose.encode())
        except InvalidTag:
            raise SealBroken(f"sealed value of purpose {purpose!r} does not open with this SECRET_KEY") from None

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypt text.

        :raises SealBroken: wrong key, wrong purpose, or changed data.
        """
        return self.open_bytes(sealed, purpose).decode("utf-8", "surrogatepass")

    def blind(self, *parts: str) -> bytes:
        """Look-up key of a value made of parts, such as channel and platform id: 20 bytes."""
        return hmac.digest(self._blind, "\x1f".join(parts).encode("utf-8", "surrogatepass"), sha256)[:BLIND_BYTES]
