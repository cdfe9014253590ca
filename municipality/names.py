"""Which names may be shown. HTML is just text; what hides or disguises is refused."""

import unicodedata
from itertools import groupby

from municipality.errors import NameRefusedError

#: Unicode characters, after normalisation.
LONGEST_NAME = 24
#: Marks in a row above one letter. Written languages need two; more only spill over other people's names.
MOST_MARKS = 3
#: Control, format (zero width, direction), surrogate, private use and unassigned characters, line separators.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Letters and signs that draw nothing: Hangul fillers, Khmer inherent vowels, the empty braille cell.
BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def checked_name(name: str) -> str:
    """Return the name as it is shown: NFC, spaces collapsed, none at the ends.

    Raises:
        NameRefusedError: It is empty, longer than :data:`LONGEST_NAME`, or holds characters that may not
            be shown (UAX #9 direction controls and everything invisible among them).
    """
    shown = unicodedata.normalize("NFC", name)
    if any(unicodedata.category(sign) in _REFUSED_CATEGORIES or sign in BLANK for sign in shown):
        raise NameRefusedError(
            "이름에 보이지 않는 문자나 제어 문자가 있습니다. 글자와 숫자, 띄어쓰기만 써 주세요.",
            "The name holds invisible or control characters. Use letters, digits and spaces.",
        )
    shown = " ".join("".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in shown).split())
    if not shown:
        raise NameRefusedError(
            "이름이 비어 있습니다. 한 글자 이상 써 주세요.", "The name is empty. Write at least one letter."
        )
    if len(shown) > LONGEST_NAME:
        raise NameRefusedError(
            f"이름이 너무 깁니다. {LONGEST_NAME}자까지 쓸 수 있습니다.",
            f"The name is too long. It may have {LONGEST_NAME} characters.",
        )
    if longest_run_of_marks(shown) > MOST_MARKS:
        raise NameRefusedError(
            "이름에 겹쳐 쓴 기호가 너무 많습니다. 기호를 줄여 주세요.",
            "The name stacks too many marks above one letter. Use fewer.",
        )
    return shown


def longest_run_of_marks(text: str) -> int:
    """Return how many combining marks stand in a row at most."""
    runs = groupby(text, key=lambda sign: unicodedata.category(sign) in {"Mn", "Me"})
    return max((sum(1 for _ in run) for marks, run in runs if marks), default=0)
