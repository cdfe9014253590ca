"""`docs/client.md`: its example runs as it stands there, and what it names is there."""

import asyncio
import re
import sys
from pathlib import Path

from streaming import client as client_module
from streaming.client import Citizen, Identity, Said
from tests.unit.streaming.city import open_city, until
from tests.unit.streaming.test_bridge import Diary

PROJECT = Path(__file__).resolve().parents[3]
PAGE = (PROJECT / "docs/client.md").read_text(encoding="utf-8")


def test_the_example_greets_who_comes_in_and_answers_who_asks(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len([line for line in example.splitlines() if line.strip()]) <= 15
    script = tmp_path / "guide.py"
    script.write_text(example, encoding="utf-8")

    async def body() -> None:
        async with open_city() as city:
            guide = await asyncio.create_subprocess_exec(
                sys.executable, str(script), city.url, env={"PYTHONPATH": str(PROJECT)}
            )
            await until(lambda: city.world.count == 1, 60.0)
            async with Citizen(city.url, Identity("나은"), link="socket") as citizen:
                diary = Diary(citizen)
                await until(lambda: any(said.text.startswith("나은 님") for said in diary.of(Said)))
                citizen.say("시청이 어디예요?")
                await until(lambda: any("City Hall is at" in said.text for said in diary.of(Said)))
                assert {said.name for said in diary.of(Said)} == {"안내원", "나은"}
                assert guide.returncode is None
            guide.terminate()
            await guide.wait()

    asyncio.run(asyncio.wait_for(body(), 100.0))


def test_everything_public_is_documented_and_the_page_names_what_matters() -> None:
    for name in client_module.__all__:
        thing = getattr(client_module, name)
        if isinstance(thing, type):
            assert thing.__doc__, name
    public = [name for name, member in vars(Citizen).items() if not name.startswith("_") and callable(member)]
    for name in public:
        assert getattr(Citizen, name).__doc__, name
    told = {"send_pose", "say", "wave", "teleport", "microphone", "events", "ears", "inspect", "leave"}
    assert told == set(public)
    assert all(f"`{name}" in PAGE for name in told)
