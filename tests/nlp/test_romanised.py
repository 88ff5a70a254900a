"""Addresses in Latin letters, as maps on phones set to English write them."""

from __future__ import annotations

import pytest

from nlp.reader import Reader
from nlp.romanised import find


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Mae Yao, Mueang Chiang Rai District, Chiang Rai 57100, Thailand", "570106"),
        ("99 Moo 3, Mae Yao Sub-district, Muang Chiang Rai, Chiang Rai, Thailand", "570106"),
        ("WRXC+2Q, maeyao, Mueang Chiang Rai District, Chiang Rai 57100", "570106"),
        ("Sukhumvit Rd, Khlong Toei, Khlong Toei, Bangkok 10110, Thailand", "103301"),
        ("Pa Phayom, Pa Phayom District, Phatthalung 93210, Thailand", "931001"),
        ("Wat Phra Kaew 19 Wiang, Mueang Chiang Rai District, Chiang Rai 57000", "5701"),
        ("Tambon Mae Yao, Amphoe Mueang Chiang Rai, Chang Wat Chiang Rai 57100, Thailand", "570106"),
        ("Khwaeng Khlong Toei, Khet Khlong Toei, Krung Thep Maha Nakhon 10110, Thailand", "103301"),
        ("Trat, Thailand", "23"),
        ("Mae Yao, Thailand", ""),
        ("Tokyo, Japan", ""),
        ("ตำบล แม่ยาว อำเภอเมืองเชียงราย", ""),
        (",,,", ""),
        ("", ""),
        ("x," * 100_000 + "Trat", "23"),
    ],
)
def test_an_address_is_found_as_far_as_its_names_reach(address: str, code: str) -> None:
    assert find(address) == code


def test_a_reader_knows_addresses_in_both_letters(reader: Reader) -> None:
    for address in ("Tha Sut, Mueang Chiang Rai, Chiang Rai", "ตำบล ท่าสุด อำเภอเมืองเชียงราย เชียงราย 57100"):
        place = reader.locate_address(address, "57")
        assert place is not None
        assert (place.tambon_code, place.tambon) == ("570121", "ท่าสุด")
