"""The wallet: what one has, what came and went, and paying by wallet number, looked at before it is done."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.visit import DOOR, Visit
from municipality.errors import AccountUnknownError, AmountRefusedError, MunicipalityError
from municipality.wallet import MOST_PAID, Movement, check_amount, citizen_of, wallet_number

_SHOWN = 20
TOPIC = "wallet"

pages = Pages()


@pages.get("/wallet")
async def wallet(visit: Visit) -> Response:
    """Show balance and history."""
    actor = visit.actor
    actor.of_citizen()
    before = visit.asked("before")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = await visit.offices.wallet.history(actor, start, _SHOWN)
    balance = await visit.offices.wallet.balance(actor)
    return await run_in_threadpool(
        visit.page,
        "wallet.html",
        balance=balance,
        number=wallet_number(actor.of_citizen()),
        movements=found,
        names=await run_in_threadpool(_names, visit, found),
        wallet_number=wallet_number,
        next=f"{DOOR}/wallet?before={found[-1].number}" if len(found) == _SHOWN else None,
        first=start is None,
    )


@pages.get("/wallet/pay")
def pay_form(visit: Visit) -> Response:
    """Ask whom to pay, and how much."""
    visit.actor.of_citizen()
    return visit.page("pay.html", faults=[], values=visit.form, most_paid=MOST_PAID)


@pages.post("/wallet/pay")
def review(visit: Visit) -> Response:
    """Show who would be paid how much."""
    try:
        visit.actor.of_citizen()
        payee, amount = _payee(visit), _amount(visit)
        name = visit.offices.citizens.names([payee]).get(payee)
        if name is None:
            raise AccountUnknownError("그런 지갑이 없어요.", "There is no such wallet.")
    except MunicipalityError as error:
        return _again(visit, error)
    # Whoever guesses numbers learns no names.
    masked = name[0] + "*" * max(len(name) - 1, 1)
    return visit.page(
        "pay_review.html",
        faults=[],
        values=visit.form,
        payee=masked,
        number=wallet_number(payee),
        amount=amount,
    )


@pages.post("/wallet/pay/confirm")
async def pay(visit: Visit) -> Response:
    """Pay."""
    try:
        payee, amount = _payee(visit), _amount(visit)
        moved = await visit.offices.wallet.pay(visit.actor, payee, amount, visit.key())
    except MunicipalityError as error:
        return await run_in_threadpool(_again, visit, error)
    visit.offices.news.tell(TOPIC, [visit.actor.of_citizen(), payee])
    return visit.go(f"/wallet/{moved.number}", "paid")


@pages.get("/wallet/{number:whole}")
async def receipt(visit: Visit) -> Response:
    """Show a receipt."""
    found = await visit.offices.wallet.receipt(visit.actor, visit.number())
    return await run_in_threadpool(
        visit.page,
        "wallet_receipt.html",
        one=found,
        names=await run_in_threadpool(_names, visit, [found]),
        wallet_number=wallet_number,
    )


def _again(visit: Visit, error: MunicipalityError) -> Response:
    field = ""
    if isinstance(error, AccountUnknownError):
        field = "number"
    elif isinstance(error, AmountRefusedError):
        field = "amount"
    return refused(visit, error, "pay.html", field=field, values=visit.form, most_paid=MOST_PAID)


def _payee(visit: Visit) -> int:
    return citizen_of(visit.form.get("number").strip())


def _amount(visit: Visit) -> int:
    """Return the amount that was typed; separators of thousands may stand in it.

    Raises:
        AmountRefusedError: It is no whole number, or not one that may be paid.
    """
    digits = visit.form.get("amount").strip().replace(",", "")
    amount = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
    check_amount(amount)
    return amount


def _names(visit: Visit, movements: list[Movement]) -> dict[int, Any]:
    return dict(
        visit.offices.citizens.names(one.with_citizen for one in movements if one.with_citizen is not None)
    )
