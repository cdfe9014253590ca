import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipality.errors import TextRefusedError
from municipality.texts import checked_text

WHAT = ("내용", "Text")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            "  가로등이\r\n꺼져 있어요.  \r\n\r\n\r\n\r\n고쳐 주세요. ",
            "가로등이\n꺼져 있어요.\n\n고쳐 주세요.",
        ),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE proposals; --", "'; DROP TABLE proposals; --"),
        ("\ufeff복\u200b사\u00ad한 글", "복사한 글"),
        (
            "가족 \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "가족 \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("\u1100\u1161", "가"),
        ("a\tb", "a b"),
    ],
)
def test_a_text_is_kept_as_it_will_be_shown(written: str, kept: str) -> None:
    assert checked_text(written, WHAT, 100) == kept


def test_a_line_has_no_breaks() -> None:
    assert checked_text("두\n줄\u2028짜리   제목", WHAT, 20, lines=False) == "두 줄 짜리 제목"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " \n\t ",
        "\u200b",
        "\u200d",
        "a\x00b",
        "\x1b[31m",
        "\u202egnp.exe",
        "\u2066",
        "\ud800",
        "\ue000",
        "\u3164",
        "a" + "\u0301" * 9,
    ],
)
def test_what_is_empty_or_hides_something_is_refused(written: str) -> None:
    with pytest.raises(TextRefusedError, match="Text") as refused:
        checked_text(written, WHAT, 100)
    assert "내용" in refused.value.ko


def test_the_bound_counts_characters_after_trimming() -> None:
    assert checked_text(" " + "가" * 10 + " ", WHAT, 10) == "가" * 10
    with pytest.raises(TextRefusedError, match="11"):
        checked_text("가" * 11, WHAT, 10)


@given(st.text(max_size=60))
def test_what_is_kept_stays_as_it_is(written: str) -> None:
    try:
        kept = checked_text(written, WHAT, 60)
    except TextRefusedError:
        return
    assert checked_text(kept, WHAT, 60) == kept


@pytest.mark.parametrize(
    "written",
    [
        "a" + " " * 60_000 + "b",
        "a " * 30_000,
        "a" + "\u0301\u0323" * 15_000,
        "a" + "\u0323" * 200,
        "\n" * 60_000,
    ],
)
def test_a_text_that_would_take_long_to_look_into_is_refused_at_once(written: str) -> None:
    began = time.thread_time()
    with pytest.raises(TextRefusedError):
        checked_text(written, WHAT, 4_000)
    assert time.thread_time() - began < 0.5


def test_spaces_in_the_midst_of_a_long_line_cost_no_more_than_letters() -> None:
    began = time.thread_time()
    written = "a" + " " * 15_900 + "b"
    assert checked_text(written + "  \nc", WHAT, 16_000) == written + "\nc"
    assert time.thread_time() - began < 0.5
