"""What proposals are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from municipality.errors import TextRefusedError


@dataclass(frozen=True, slots=True)
class Category:
    """A subject.

    Attributes:
        code: As it is stored.
        ko, en: As it is shown.
    """

    code: str
    ko: str
    en: str


#: By code, in the order in which they are offered.
CATEGORIES: Mapping[str, Category] = MappingProxyType(
    {
        category.code: category
        for category in (
            Category("transport", "교통·보행", "Transport and walking"),
            Category("safety", "안전", "Safety"),
            Category("environment", "환경·공원", "Environment and parks"),
            Category("welfare", "복지·건강", "Welfare and health"),
            Category("culture", "문화·체육", "Culture and sports"),
            Category("education", "교육·청년", "Education and youth"),
            Category("economy", "경제·일자리", "Economy and jobs"),
            Category("other", "그 밖에", "Other"),
        )
    }
)


def checked_category(code: str) -> str:
    """Return the code of a category.

    Raises:
        TextRefusedError: There is none of that code.
    """
    if code not in CATEGORIES:
        raise TextRefusedError(
            f"그런 분야가 없어요. 다음 가운데 하나를 골라 주세요: {', '.join(CATEGORIES)}.",
            f"There is no such category. Choose one of: {', '.join(CATEGORIES)}.",
            "category",
        )
    return code
