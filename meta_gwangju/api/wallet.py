"""`/api/v1/wallet`: what I have, what came and went, and paying somebody."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from meta_gwangju.api.caller import ActorOf, OfficesOf
from meta_gwangju.offices import Offices
from meta_gwangju.problems import PROBLEMS
from municipality.errors import AccountUnknownError
from municipality.wallet import CURRENCY, MOST_PAID, Movement, citizen_of, wallet_number

Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Person = Annotated[int, Field(ge=1, le=2**53 - 1, description="도시 안의 사람. A person in the city.")]
WalletNumber = Annotated[str, Field(min_length=3, max_length=20, description="지갑 번호. A wallet number.")]


class MyWallet(BaseModel):
    """What I have."""

    balance: int = Field(description="쓸 수 있는 돈. What can be spent.")
    wallet_number: str
    most_paid: int = Field(description="한 번에 보낼 수 있는 가장 큰 금액. The most one payment moves.")
    currency_ko: str
    currency_en: str


class MovementOut(BaseModel):
    """One line of my history, and at the same time my receipt."""

    number: int
    at: float
    amount: int = Field(description="나간 돈은 음수. Below zero when it went out.")
    kind: Literal["welcome", "payment"]
    with_name: str | None = Field(description="상대의 이름. The other's name; null: the city, or erased.")
    with_wallet: str | None
    hash: str = Field(description="`meta-gwangju audit --receipt NUMBER:HASH`")


class Movements(BaseModel):
    """A page of my history, the newest first."""

    movements: list[MovementOut]
    before: int | None = Field(description="다음 쪽의 `before`. Of the next page; null: that was all.")


class PaymentIn(BaseModel):
    """Whom to pay: a person in the city, or a wallet number."""

    person: Person | None = None
    wallet_number: WalletNumber | None = None
    amount: Annotated[int, Field(strict=True, ge=1, le=MOST_PAID)]


class Payee(BaseModel):
    """Who would be paid, to be looked at before it is confirmed."""

    name: str = Field(description="지갑 번호로 찾으면 가립니다. Masked when found by number.")
    wallet_number: str


router = APIRouter(prefix="/api/v1/wallet", tags=["wallet"], responses=PROBLEMS)


@router.get("", summary="내 지갑 · My wallet")
async def wallet(offices: OfficesOf, response: Response, actor: ActorOf) -> MyWallet:
    response.headers["cache-control"] = "no-store"
    return MyWallet(
        balance=await offices.wallet.balance(actor),
        wallet_number=wallet_number(actor.of_citizen()),
        most_paid=MOST_PAID,
        currency_ko=CURRENCY["ko"],
        currency_en=CURRENCY["en"],
    )


@router.get("/movements", summary="내역 · History")
async def history(
    offices: OfficesOf,
    actor: ActorOf,
    before: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Movements:
    found = await offices.wallet.history(actor, before, limit)
    lines = await run_in_threadpool(_lines, offices, found)
    return Movements(movements=lines, before=lines[-1].number if len(found) == limit else None)


@router.get("/movements/{number}", summary="영수증 · A receipt")
async def receipt(offices: OfficesOf, number: Number, actor: ActorOf) -> MovementOut:
    found = await offices.wallet.receipt(actor, number)
    return (await run_in_threadpool(_lines, offices, [found]))[0]


@router.get("/payee", summary="누구에게 가는지 · Who would be paid")
def payee(
    offices: OfficesOf,
    actor: ActorOf,
    person: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    number: Annotated[str | None, Query(min_length=3, max_length=20)] = None,
) -> Payee:
    actor.of_citizen()
    citizen = _payee(offices, person, number)
    name = offices.citizens.names([citizen]).get(citizen)
    if name is None:
        raise _nobody()
    shown = name if person is not None else name[0] + "*" * max(len(name) - 1, 1)
    return Payee(name=shown, wallet_number=wallet_number(citizen))


@router.post("/payments", status_code=201, summary="보내기 · Pay")
async def pay(
    offices: OfficesOf,
    body: PaymentIn,
    actor: ActorOf,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            min_length=8,
            max_length=64,
            pattern=r"^[\x21-\x7e]+$",
            description="한 번만 보내지게 하는 키. Paid once, however often this is sent.",
        ),
    ],
) -> MovementOut:
    citizen = _payee(offices, body.person, body.wallet_number)
    moved = await offices.wallet.pay(actor, citizen, body.amount, key)
    offices.news.tell("wallet", [actor.of_citizen(), citizen])
    return (await run_in_threadpool(_lines, offices, [moved]))[0]


def _payee(offices: Offices, person: int | None, number: str | None) -> int:
    """Return the citizen who is meant.

    Raises:
        AccountUnknownError: Neither or both are given, or there is no such citizen.
    """
    if (person is None) == (number is None):
        raise AccountUnknownError(
            "받을 사람을 하나만 골라 주세요.", "Choose one person to pay: in the city, or by wallet number."
        )
    citizen = offices.presence.citizen(person) if person is not None else citizen_of(number or "")
    if citizen is None:
        raise AccountUnknownError(
            "이 사람은 아직 시민이 아니라서 받을 수 없어요.", "They are no citizen yet, and cannot be paid."
        )
    return citizen


def _nobody() -> AccountUnknownError:
    return AccountUnknownError("그런 지갑이 없어요.", "There is no such wallet.")


def _lines(offices: Offices, movements: list[Movement]) -> list[MovementOut]:
    others = {one.with_citizen for one in movements if one.with_citizen is not None}
    names = offices.citizens.names(others)
    return [
        MovementOut(
            number=one.number,
            at=one.at,
            amount=one.amount,
            kind="payment" if one.kind == "payment" else "welcome",
            with_name=None if one.with_citizen is None else names.get(one.with_citizen),
            with_wallet=None if one.with_citizen is None else wallet_number(one.with_citizen),
            hash=one.hash,
        )
        for one in movements
    ]
