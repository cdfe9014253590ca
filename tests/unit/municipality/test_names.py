import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipality.errors import NameRefusedError
from municipality.names import LONGEST_NAME, checked_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("나은", "나은"),
        (unicodedata.normalize("NFD", "나은"), "나은"),
        ("  Nguyễn   Văn\u00a0Minh ", "Nguyễn Văn Minh"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("홍길동 🌏", "홍길동 🌏"),
        ("กี่", "กี่"),
        ("가" * 24, "가" * 24),
    ],
)
def test_a_name_is_shown_normalised(given_name: str, shown: str) -> None:
    assert checked_name(given_name) == shown


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "   ",
        "\u3000\u00a0",
        "가" * 25,
        "a\x00b",
        "line\nbreak",
        "tab\there",
        "\x1b[31mred",
        "zero\u200bwidth",
        "joined\u200dtogether",
        "right\u202eto left",
        "isolate\u2066d",
        "\ufeffmark",
        "soft\u00adhyphen",
        "\ue000 private",
        "\u2028",
        "\u3164",
        "\u2800\u2800",
        "lone \ud800 surrogate",
        "z" + "\u0301\u0302\u0303\u0304\u0305",
    ],
)
def test_a_hostile_name_is_refused_in_both_languages(hostile: str) -> None:
    with pytest.raises(NameRefusedError) as refused:
        checked_name(hostile)
    assert refused.value.ko
    assert refused.value.en


@given(st.text(max_size=40))
def test_whatever_is_accepted_is_visible_short_and_stays_as_it_is(text: str) -> None:
    try:
        shown = checked_name(text)
    except NameRefusedError:
        return
    assert 1 <= len(shown) <= LONGEST_NAME
    assert shown == shown.strip()
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in shown)
    assert checked_name(shown) == shown
