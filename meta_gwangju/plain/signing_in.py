"""Coming in with a code, going out, and the devices that are signed in."""

from starlette.responses import RedirectResponse, Response

from meta_gwangju.api import cookies
from meta_gwangju.api.session import sign_in
from meta_gwangju.plain.door import Pages, refused
from meta_gwangju.plain.visit import Visit, local_address
from municipality.errors import SignInError

pages = Pages()


@pages.get("/sign-in")
def ask_for_code(visit: Visit) -> Response:
    """Ask for a code."""
    return visit.page("sign_in.html", faults=[], next=local_address(visit.asked("next")))


@pages.post("/sign-in")
def take_code(visit: Visit) -> Response:
    """Open a session for a code."""
    to = local_address(visit.form.get("next"))
    try:
        citizen = visit.offices.codes.use(visit.form.get("code")[:64], visit.now, "plain")
    except SignInError as error:
        return refused(visit, error, "sign_in.html", field="code", next=to)
    response = RedirectResponse(f"{to}{'&' if '?' in to else '?'}done=signed-in", 303)
    sign_in(visit.offices, visit.request, response, citizen)
    return response


@pages.post("/sign-out")
def sign_out(visit: Visit) -> Response:
    """End the session."""
    if visit.session is not None:
        visit.offices.sessions.end(visit.actor, visit.session.id)
        visit.offices.presence.end_session(visit.session.id)
    response = visit.go("/", "signed-out")
    cookies.take(response)
    return response


@pages.get("/sessions")
def devices(visit: Visit) -> Response:
    """List the devices that are signed in."""
    sessions = visit.offices.sessions.of(visit.actor)
    left = visit.offices.codes.recovery_left(visit.actor.of_citizen())
    return visit.page("sessions.html", sessions=sessions, left=left)


@pages.post("/sessions/code")
def device_code(visit: Visit) -> Response:
    """Show a code for another device; it is shown this once."""
    code, until = visit.offices.codes.new_device(visit.actor, visit.now)
    return visit.page("codes.html", codes=[code], until=until)


@pages.post("/sessions/recovery")
def recovery_codes(visit: Visit) -> Response:
    """Show new recovery codes; they are shown this once, and the older ones open nothing any more."""
    return visit.page(
        "codes.html", codes=visit.offices.codes.new_recovery(visit.actor, visit.now), until=None
    )


@pages.post("/sessions/{number:whole}/end")
def end_session(visit: Visit) -> Response:
    """Sign a device out."""
    number = visit.number()
    visit.offices.sessions.end(visit.actor, number)
    visit.offices.presence.end_session(number)
    return visit.go("/sessions", "session-ended")
