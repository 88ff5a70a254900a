import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import SealBroken, Vault, derive

VAULT = Vault("one secret")


@given(st.text(st.characters()), st.text(max_size=10))
def test_what_is_sealed_opens_again_for_the_same_purpose(words: str, purpose: str) -> None:
    assert VAULT.open(VAULT.seal(words, purpose), purpose) == words


@given(st.binary())
def test_bytes_too(data: bytes) -> None:
    assert VAULT.open_bytes(VAULT.seal(data, "media"), "media") == data


def test_a_seal_opens_for_no_other_purpose() -> None:
    with pytest.raises(SealBroken, match="'text' does not open"):
        VAULT.open(VAULT.seal("น้ำไม่ไหล", "inbox"), "text")


def test_a_seal_opens_with_no_other_secret() -> None:
    with pytest.raises(SealBroken, match="SECRET_KEY"):
        Vault("another secret").open(VAULT.seal("น้ำไม่ไหล", "text"), "text")


@pytest.mark.parametrize("at", [0, 1, 12, 13, -1])
def test_a_changed_seal_does_not_open(at: int) -> None:
    sealed = bytearray(VAULT.seal("น้ำไม่ไหล", "text"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        VAULT.open(bytes(sealed), "text")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"\0" * 12, b"\x02" + b"\0" * 40, b"plain words"])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises((SealBroken, ValueError)):
        VAULT.open(sealed, "text")


def test_the_same_words_are_sealed_differently_each_time_and_hold_nothing_in_clear() -> None:
    one, two = VAULT.seal("น้ำไม่ไหล 0812345678", "text"), VAULT.seal("น้ำไม่ไหล 0812345678", "text")
    assert one != two
    assert b"0812345678" not in one


def test_a_blind_index_is_stable_and_tells_its_parts_apart() -> None:
    assert VAULT.blind("user", "line", "U1") == VAULT.blind("user", "line", "U1")
    assert len(VAULT.blind("user", "line", "U1")) == 20
    different = {
        VAULT.blind("user", "line", "U1"),
        VAULT.blind("user", "line", "U2"),
        VAULT.blind("user", "telegram", "U1"),
        VAULT.blind("chat", "line", "U1"),
        VAULT.blind("user", "lineU1"),
        VAULT.blind("user", "line", "U", "1"),
        Vault("another secret").blind("user", "line", "U1"),
    }
    assert len(different) == 7


def test_keys_of_two_purposes_differ() -> None:
    assert derive("a secret", "links") != derive("a secret", "buttons")
    assert derive("a secret", "links") == derive("a secret", "links")
    assert len(derive("a secret", "links", 16)) == 16
