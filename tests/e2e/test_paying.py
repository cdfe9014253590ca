"""Paying in the page: by wallet number, the person in front, and with a laser in VR."""

import math
import re

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.conftest import Maker
from tests.support.axe import complaints
from tests.support.citizen import refusals
from tests.support.deadline import eventually
from tests.support.laser import AMOUNT_OF_1000, PAY, Laser
from tests.support.visitor import LONGEST_DRAG, RADIANS_A_PIXEL, Visitor
from tests.support.webxr import webxr_script

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_a_payment_whose_answer_is_lost_is_paid_once(citizen: Maker) -> None:
    sora, jun = citizen(), citizen()
    sora.join("소라")
    jun.join("준")
    jun.press("지갑")
    number = jun.sheet.locator(".my-number b")
    expect(number).to_have_text(re.compile(r"^\d{6}-\d\d$"))
    sora.press("지갑")
    sora.press("지갑 번호로 보내기")
    sora.sheet.get_by_role("textbox", name="받는 사람의 지갑 번호").fill(number.inner_text())
    sora.press("받는 사람 확인")
    expect(sora.sheet).to_contain_text("준*")
    sora.sheet.get_by_role("button", name="500", exact=True).click()
    sora.press("다음")
    keys: list[str | None] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) > 1:
            route.continue_()
            return
        assert route.fetch().status == httpx.codes.CREATED
        route.abort()

    sora.page.route("**/api/v1/wallet/payments", lose)
    with refusals(sora, "ERR_FAILED"):
        sora.press("보내기")
        expect(sora.sheet.get_by_role("alert")).to_contain_text("서버에 닿지 못했어요")
        sora.press("보내기")
        expect(sora.sheet.get_by_role("article", name="영수증")).to_contain_text("500빛")
    assert keys[0] is not None
    assert keys[0] == keys[1]
    sora.sheet.locator(".sheet-page").get_by_role("button", name="닫기").click()
    expect(sora.sheet.locator(".balance")).to_have_text("9,500빛")
    expect(sora.sheet.locator(".movements li")).to_have_count(2)


def test_the_person_in_front_is_paid_and_both_have_the_receipt(citizen: Maker) -> None:
    naeun, minh = citizen(), citizen()
    minh.enter("민")
    naeun.enter("나은")
    number = minh.visitor.id
    eventually(lambda: naeun.visitor.sees(number), 20, "they do not see each other")
    naeun.page.keyboard.press("f")
    expect(naeun.sheet).to_contain_text("민")
    naeun.page.keyboard.press("Escape")
    _face(naeun.visitor, number)
    # In the middle of the picture, under where I look: whoever stands before me.
    naeun.page.mouse.click(380, 400)
    expect(naeun.sheet).to_contain_text("시민이에요")
    assert complaints(naeun.page) == []
    naeun.press("보내기")
    naeun.sheet.get_by_role("textbox", name="금액").fill("50,000")
    naeun.press("다음")
    expect(naeun.sheet.get_by_role("alert")).to_contain_text("10,000빛만")
    naeun.sheet.get_by_role("textbox", name="금액").fill("1,250")
    naeun.press("다음")
    expect(naeun.sheet).to_contain_text("8,750빛")
    naeun.press("보내기")
    ticket = naeun.sheet.get_by_role("article", name="영수증")
    expect(ticket).to_contain_text("1,250빛")
    came = minh.page.get_by_role("region", name="받은 돈")
    expect(came).to_contain_text("나은님이 1,250빛을 보냈어요")
    came.get_by_text("영수증 보기").click()
    assert _hash(came) == _hash(ticket), "the two receipts name different entries"
    assert complaints(minh.page) == []
    naeun.page.keyboard.press("Escape")
    for one, held in ((naeun, "8,750빛"), (minh, "11,250빛")):
        one.page.reload()
        eventually(one.visitor.connected, 45, "the page did not come back")
        assert one.balance() == held
        expect(one.sheet.locator(".movements li")).to_have_count(2)


def test_in_a_headset_the_laser_pays_whom_it_points_at(citizen: Maker) -> None:
    sora, minh = citizen(scripts=[webxr_script()]), citizen()
    minh.enter("민")
    sora.enter("소라")
    number = minh.visitor.id
    eventually(lambda: sora.visitor.sees(number), 20, "they do not see each other")
    # Both eyes are drawn in software: a small picture is drawn more often.
    sora.page.set_viewport_size({"width": 320, "height": 240})
    laser = Laser(sora)
    laser.wear()
    laser.aim_at(_bearing(sora.visitor, number) - sora.visitor.look().pose.yaw)
    with sora.page.expect_response("**/wallet/payee?*"):
        laser.press()
    laser.point(AMOUNT_OF_1000)
    laser.press()
    laser.point(PAY)
    with sora.page.expect_response("**/wallet/payments"):
        laser.press()
    expect(minh.page.get_by_role("region", name="받은 돈")).to_contain_text("소라님이 1,000빛을 보냈어요")


def _bearing(visitor: Visitor, person: int) -> float:
    """Return which way somebody is, as a heading in radians."""
    eventually(lambda: visitor.sees(person), 20, "they are out of sight")
    here = visitor.look().pose.position
    there = next(one.pose.position for one in visitor.look().people if one.id == person)
    return math.atan2(here[0] - there[0], here[2] - there[2])


def _face(visitor: Visitor, person: int) -> None:
    """Turn by dragging until somebody stands near the middle of the picture, one drag a look."""
    seen: list[float] = []

    def faced() -> bool:
        yaw = visitor.look().pose.yaw
        left = math.remainder(_bearing(visitor, person) - yaw, math.tau)
        if abs(left) < math.radians(6):
            return True
        if seen[-1:] != [yaw]:
            visitor.tab.drag(max(-LONGEST_DRAG, min(round(left / RADIANS_A_PIXEL), LONGEST_DRAG)))
            seen.append(yaw)
        return False

    eventually(faced, 90, lambda: seen, every=0.2)


def _hash(place: Locator) -> str:
    return place.locator(".hash").inner_text()
