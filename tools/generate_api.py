"""Write docs/openapi.json from the application and web/src/api/schema.ts from that; --check compares."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from meta_gwangju.app import create_app
from meta_gwangju.config import Settings
from meta_gwangju.land import CityLand
from meta_gwangju.node import CityNode
from meta_gwangju.offices import make_offices
from meta_gwangju.places import Places
from municipality.store import Store
from spatial.quaternion import FloatArray
from world.movement import BoolArray

_ROOT = Path(__file__).resolve().parent.parent
_DOCUMENT = _ROOT / "docs" / "openapi.json"
_TYPES = _ROOT / "web" / "src" / "api" / "schema.ts"
_WRITER = _ROOT / "tools" / "api_client" / "node_modules" / "openapi-typescript" / "bin" / "cli.js"


#: The routes depend neither on the land nor on what stands on it.
_SQUARE = {"id": "square", "arrival": {"position": (0.0, 0.0, 0.0), "yaw": 0.0}}


class _NoLand:
    def height(self, xz: FloatArray) -> FloatArray:
        return xz[:, 0]

    def inside(self, xz: FloatArray) -> BoolArray:
        return xz[:, 0] > 0.0


def document() -> str:
    """Return the OpenAPI document of the application as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "var", web=Path(folder))
        settings.city.mkdir(parents=True)
        places = {"city": "gwangju", "start": "square", "spots": [_SQUARE]}
        (settings.city / "places.json").write_text(json.dumps(places), encoding="utf-8")
        with Store(settings.database) as store:
            offices = make_offices(store, settings, CityLand.load(settings.city, _NoLand()))
            node = CityNode(settings, offices, Places.load(settings.city), _NoLand())
            api = create_app(node, settings).openapi()
    return json.dumps(api, ensure_ascii=False, indent=1) + "\n"


def types(api: str) -> str:
    """Return the TypeScript of an OpenAPI document."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.ts"
        source.write_text(api, encoding="utf-8")
        command = ["node", str(_WRITER), str(source), "-o", str(target), "--alphabetize", "--immutable"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"openapi-typescript failed:\n{done.stdout}{done.stderr}")
        return target.read_text(encoding="utf-8")


def main() -> None:
    """Write both, or say which differs."""
    api = document()
    wanted = {_DOCUMENT: api, _TYPES: types(api)}
    differ = [
        file for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv:
        for file, text in wanted.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    elif differ:
        names = ", ".join(str(file.relative_to(_ROOT)) for file in differ)
        sys.exit(f"{names}: not what the API says. Run: .venv/bin/python tools/generate_api.py")


if __name__ == "__main__":
    main()
