"""Templates, and the words and forms of numbers and times that they share."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from meta_gwangju.plain.notices import NOTICES
from municipality.wallet import CURRENCY

_TEMPLATES = Path(__file__).parent / "templates"
_KOREA = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form.

    Attributes:
        field: Id of the field; empty: of none in particular.
        ko, en: What is wrong and what to do.
    """

    field: str
    ko: str
    en: str


def render(template: str, language: str, **context: Any) -> str:
    """Return a page as text."""
    return _environment(language).get_template(template).render(context)


@cache
def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    english = language == "en"

    def say(ko: str, en: str) -> str:
        return en if english else ko

    def other(ko: str, en: str) -> str:
        return ko if english else en

    environment.globals.update(
        t=say,
        other=other,
        language=language,
        other_language="ko" if english else "en",
        notices=NOTICES,
    )
    environment.filters.update(when=_when(english=english), money=_money(english=english), machine=_machine)
    return environment


def _when(*, english: bool) -> Callable[[float], str]:
    def when(at: float) -> str:
        local = dt.datetime.fromtimestamp(at, _KOREA)
        if english:
            return f"{local.day} {local:%b %Y, %H:%M} KST"
        return f"{local.year}년 {local.month}월 {local.day}일 {local:%H:%M}"

    return when


def _machine(at: float) -> str:
    """Return a time as HTML's `datetime` takes it."""
    return dt.datetime.fromtimestamp(at, _KOREA).isoformat(timespec="seconds")


def _money(*, english: bool) -> Callable[[int], str]:
    unit = CURRENCY["en"] if english else CURRENCY["ko"]

    def money(amount: int) -> str:
        return f"{amount:,} {unit}" if english else f"{amount:,}{unit}"

    return money
