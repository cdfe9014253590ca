"""Which texts may be shown. HTML is just text; what hides or disguises is refused or left out."""

import re
import unicodedata
from itertools import groupby

from municipality.errors import TextRefusedError
from municipality.names import BLANK, MOST_MARKS, longest_run_of_marks

#: Come along with text that was copied from pages and word processors, and draw nothing.
_LEFT_OUT = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
#: Joins emoji.
_JOINER = "\u200d"
#: Control, format (direction among them, UAX #9), surrogate and private use characters.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})
_LINE_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{3,}")
#: So many times as long as it may be when it is kept, a text is not even looked into; nor with so many marks
#: in a row: putting them in order takes time with their square (Unicode, section 3.11).
_LONGER, _MOST_UNORDERED = 4, 32


def checked_text(text: str, what: tuple[str, str], longest: int, *, lines: bool = True) -> str:
    """Return a text as it is kept and shown: NFC, trimmed, at most one empty line in a row.

    Args:
        text: As somebody wrote it.
        what: Name of the field, Korean and English, for the message and :attr:`TextRefusedError.field`.
        longest: Most characters after that.
        lines: Whether it may have more than one line; else breaks become spaces.

    Raises:
        TextRefusedError: It is empty, too long, or holds characters that may not be shown.
    """
    ko, en = what
    if len(text) > _LONGER * longest:
        raise _too_long(len(text), longest, what)
    if _longest_unordered(text) > _MOST_UNORDERED:
        raise _too_many_marks(what)
    shown = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text).translate(_LEFT_OUT)).replace("\t", " ")
    if any(_is_refused(sign) for sign in shown):
        raise TextRefusedError(
            f"'{ko}'에 보이지 않는 문자나 제어 문자가 있어요. 그 문자를 지우고 다시 보내 주세요.",
            f"'{en}' holds invisible or control characters. Remove them and send it again.",
            en,
        )
    # Not by an expression: for spaces in the midst of a line one would begin anew at each of them.
    shown = _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in shown.split("\n"))).strip()
    if not lines:
        shown = " ".join(shown.split())
    if not shown.replace(_JOINER, "").strip():
        raise TextRefusedError(
            f"'{ko}'이(가) 비어 있어요. 내용을 적어 주세요.", f"'{en}' is empty. Please write something.", en
        )
    if len(shown) > longest:
        raise _too_long(len(shown), longest, what)
    if longest_run_of_marks(shown) > MOST_MARKS:
        raise _too_many_marks(what)
    return shown


def _longest_unordered(text: str) -> int:
    """Return how many signs in a row, at most, normalisation may put in another order."""
    runs = groupby(text, key=lambda sign: unicodedata.combining(sign) != 0)
    return max((sum(1 for _ in run) for combining, run in runs if combining), default=0)


def _too_long(length: int, longest: int, what: tuple[str, str]) -> TextRefusedError:
    ko, en = what
    return TextRefusedError(
        f"'{ko}'이(가) 너무 길어요({length}자). {longest}자까지 쓸 수 있어요.",
        f"'{en}' is too long ({length} characters). It may have {longest}.",
        en,
    )


def _too_many_marks(what: tuple[str, str]) -> TextRefusedError:
    ko, en = what
    return TextRefusedError(
        f"'{ko}'에 겹쳐 쓴 기호가 너무 많아요. 기호를 줄여 주세요.",
        f"'{en}' stacks too many marks above one letter. Use fewer.",
        en,
    )


def _is_refused(sign: str) -> bool:
    if sign in {"\n", _JOINER}:
        return False
    return unicodedata.category(sign) in _REFUSED_CATEGORIES or sign in BLANK
