"""What an uploaded model may be, and what is said of one that may not."""

import json
import os
import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenes.glb import parse
from scenes.inspection import Report, inspect
from scenes.inspection.limits import FILE_BYTES, PIXELS, TRIANGLES
from tests.unit.scenes.uploads import Change, box, pack, pack_text, picture, png_claiming, poster, triangle


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def document_of(report: Report) -> dict[str, Any]:
    assert report.kept is not None, report.findings
    return parse(report.kept)[0]


def test_a_plain_model_is_taken_with_its_figures() -> None:
    report = inspect(box(2.0))
    assert report.accepted
    assert report.findings == ()
    assert report.figures is not None
    assert (report.figures.triangles, report.figures.draws, report.figures.textures) == (12, 1, 0)
    assert report.figures.low == (-1.0, -1.0, -1.0)
    assert report.figures.high == (1.0, 1.0, 1.0)
    assert (report.figures.scale, report.figures.offset) == (1.0, (0.0, 1.0, 0.0))


def test_what_is_kept_is_the_same_model() -> None:
    original = poster()
    report = inspect(original)
    assert report.kept is not None
    figures = report.figures
    assert figures is not None
    assert (figures.textures, figures.pixels) == (1, 32)
    before, after = (
        trimesh.load(trimesh.util.wrap_as_stream(data), file_type="glb") for data in (original, report.kept)
    )
    assert before.bounds.ravel().tolist() == pytest.approx(after.bounds.ravel().tolist())
    assert after.bounds.ravel().tolist() == pytest.approx([*figures.low, *figures.high], abs=1e-5)
    assert sum(len(g.faces) for g in after.geometry.values()) == figures.triangles
    again = inspect(report.kept)
    assert again.findings == report.findings
    assert again.figures == figures
    assert again.kept == report.kept, "keeping what was kept changes nothing"


def test_names_extras_and_unknown_parts_do_not_come_through() -> None:
    script = "<script>alert(1)</script>"

    def disguise(document: dict[str, Any]) -> None:
        document["extras"] = {"x": script}
        document["nodes"][0]["name"] = script
        document["meshes"][0]["extras"] = script
        document["materials"] = [{"name": "lamp", "extensions": {"VENDOR_thing": {"x": script}}}]
        document["unknown"] = [script]
        document["asset"]["generator"] = script
        document["asset"]["copyright"] = "© 광주"

    report = inspect(triangle(change=disguise))
    assert report.kept is not None
    assert script.encode() not in report.kept
    assert b"lamp" not in report.kept
    assert document_of(report)["asset"] == {
        "version": "2.0",
        "copyright": "© 광주",
        "generator": "meta-gwangju",
    }


def test_a_model_larger_than_its_stand_is_scaled_down_and_says_so() -> None:
    report = inspect(box(6.0), stand=(3.6, 3.0, 3.6))
    assert codes(report) == ["scaled_down"]
    assert report.figures is not None
    assert report.figures.scale == pytest.approx(0.5)
    assert report.figures.offset == pytest.approx((0.0, 1.5, 0.0))


def test_nodes_move_turn_and_repeat_what_they_hold() -> None:
    half = 2.0**-0.5

    def repeat(document: dict[str, Any]) -> None:
        document["nodes"] = [
            {"children": [1, 2]},
            {"mesh": 0, "translation": [0, 2, 0], "scale": [2, 2, 2]},
            {"mesh": 0, "rotation": [0, half, 0, half]},
        ]

    figures = inspect(triangle(change=repeat)).figures
    assert figures is not None
    assert (figures.triangles, figures.draws) == (2, 2)
    assert figures.low == pytest.approx((0.0, 0.0, -1.0), abs=1e-6)
    assert figures.high == pytest.approx((2.0, 4.0, 0.0), abs=1e-6)


def test_what_is_left_out_is_named() -> None:
    def add(document: dict[str, Any]) -> None:
        document["animations"] = [{}, {}]
        document["cameras"] = [{"type": "perspective"}]
        document["extensionsUsed"] = ["KHR_lights_punctual", "KHR_materials_unlit", "evil\n\x00name"]
        document["materials"] = [{"extensions": {"KHR_materials_unlit": {}}}]
        document["meshes"][0]["primitives"][0]["material"] = 0
        document["nodes"][0]["camera"] = 0

    report = inspect(triangle(change=add))
    assert report.accepted
    assert codes(report) == ["extension", "extension", "animations", "cameras"]
    assert "KHR_lights_punctual" in report.findings[0].ko
    assert "evil??name" in report.findings[1].en
    kept = document_of(report)
    assert kept["extensionsUsed"] == ["KHR_materials_unlit"]
    assert not {"animations", "cameras"} & kept.keys()


def test_attributes_that_are_not_drawn_are_left_out_by_name() -> None:
    def add(document: dict[str, Any]) -> None:
        document["meshes"][0]["primitives"][0]["attributes"] |= {"_FAC": 0, "JOINTS_0": 0, "<b>": 7}

    report = inspect(triangle(change=add))
    assert codes(report) == ["attributes"]
    assert "(?b?, JOINTS_0, _FAC)" in report.findings[0].en
    assert document_of(report)["meshes"][0]["primitives"][0]["attributes"] == {"POSITION": 0}


def test_quantised_positions_are_read_as_the_standard_has_them() -> None:
    points = np.array([[0, 0, 0, 0], [65_535, 0, 0, 0], [0, 65_535, 32_768, 0]], "<u2")
    data = triangle()
    document, binary = parse(data)
    document["bufferViews"][0] |= {"byteLength": 24, "byteStride": 8}
    document["accessors"][0] |= {"componentType": 5123, "normalized": True}
    document["nodes"][0]["scale"] = [2, 2, 2]
    document["extensionsUsed"] = document["extensionsRequired"] = ["KHR_mesh_quantization"]
    report = inspect(pack(document, points.tobytes() + binary[24:]))
    assert report.figures is not None, report.findings
    assert report.figures.high == pytest.approx((2.0, 2.0, 1.0), abs=1e-4)
    kept = document_of(report)
    assert kept["extensionsRequired"] == ["KHR_mesh_quantization"]
    assert kept["accessors"][0]["max"] == [65_535, 65_535, 32_768]


def test_each_picture_gets_its_true_type() -> None:
    for kind, mime in (("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")):
        report = inspect(triangle(image=picture(kind, (16, 32))))
        assert report.figures is not None, report.findings
        assert report.figures.pixels == 512
        assert document_of(report)["images"][0]["mimeType"] == mime


def edit(path: str, value: object) -> Change:
    """Set one value of a document: "accessors.0.count"."""

    def change(document: dict[str, Any]) -> None:
        target: Any = document
        *way, last = path.split(".")
        for step in way:
            target = target[int(step)] if step.isdigit() else target[step]
        target[int(last) if last.isdigit() else last] = value

    return change


HOSTILE = [
    ("accessors.0.count", 2_000_000_000, "accessor_out_of_bounds"),
    ("accessors.0", {"componentType": 5126, "count": 2_000_000_000, "type": "VEC3"}, "accessor_without_data"),
    ("accessors.0.bufferView", 9, "accessor_without_data"),
    ("accessors.0.byteOffset", 4, "accessor_out_of_bounds"),
    ("accessors.1.byteOffset", 1, "accessor_out_of_bounds"),
    ("accessors.0.sparse", {"count": 1}, "sparse"),
    ("accessors.0.count", -1, "document"),
    ("accessors.0.count", 1.5, "document"),
    ("accessors.0.componentType", 5130, "document"),
    ("accessors.0.type", "MAT4", "accessor_out_of_bounds"),
    ("accessors.0.type", "SCALAR", "primitive"),
    ("accessors.1.componentType", 5122, "primitive"),
    ("bufferViews.0.byteLength", 1_000_000, "view_out_of_bounds"),
    ("bufferViews.0.byteOffset", 2**40, "document"),
    ("bufferViews.0.buffer", 1, "view_out_of_bounds"),
    ("bufferViews.0.byteStride", 4, "accessor_out_of_bounds"),
    ("bufferViews.0.byteStride", 3, "document"),
    ("buffers.0.byteLength", 1_000_000, "buffer_out_of_bounds"),
    ("buffers.0.uri", "http://example.org/a.bin", "external_uri"),
    ("buffers.0.uri", "data:application/octet-stream;base64,AAAA", "external_uri"),
    ("images.0", {"uri": "../../../etc/passwd"}, "external_uri"),
    ("images.0", {"uri": "data:image/svg+xml;base64,AAAA"}, "external_uri"),
    ("images.0.bufferView", 7, "texture"),
    ("images.0", {}, "texture"),
    ("textures.0", {}, "texture"),
    ("textures.0.source", 3, "texture"),
    ("textures.0.sampler", 0, "texture"),
    ("materials.0.pbrMetallicRoughness.baseColorTexture.index", 5, "texture"),
    ("materials.0.pbrMetallicRoughness.metallicFactor", 7, "document"),
    ("extensionsRequired", ["KHR_draco_mesh_compression"], "extension_required"),
    ("extensionsRequired", ["EXT_meshopt_compression"], "extension_required"),
    ("extensionsRequired", ["KHR_texture_basisu"], "extension_required"),
    ("nodes.0.children", [0], "node_tree"),
    ("nodes.0.children", [12], "node_tree"),
    ("nodes.0.mesh", 4, "node_tree"),
    ("nodes.0.skin", 0, "skin"),
    ("nodes.0.scale", [1e9, 1e9, 1e9], "transform"),
    ("nodes.0.scale", [1e5, 1e5, 1e5], "bounds"),
    ("nodes.0.scale", [1e-5, 1e-5, 1e-5], "bounds"),
    ("nodes.0.matrix", [1] * 15, "document"),
    ("nodes", [{}], "empty"),
    ("scene", 3, "node_tree"),
    ("scenes", [], "node_tree"),
    ("meshes.0.primitives.0.mode", 0, "no_triangles"),
    ("meshes.0.primitives.0.targets", [{"POSITION": 0}], "morph_targets"),
    ("meshes.0.primitives.0.attributes", {}, "primitive"),
    ("meshes.0.primitives.0.attributes.NORMAL", 77, "primitive"),
    ("meshes.0.primitives.0.material", 9, "primitive"),
    ("meshes.0.primitives", [], "document"),
    ("asset.version", "1.0", "version"),
    ("asset", {}, "document"),
    ("nodes", {"0": 1}, "document"),
]


@pytest.mark.parametrize(("path", "value", "code"), HOSTILE)
def test_what_does_not_hold_together_is_refused_by_name(path: str, value: object, code: str) -> None:
    report = inspect(triangle(image=picture(), change=edit(path, value)))
    assert not report.accepted
    assert code in codes(report)
    assert report.figures is None
    for finding in report.findings:
        assert any("가" <= letter <= "힣" for letter in finding.ko)
        assert finding.en.isascii() or "×" in finding.en


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_positions_are_really_read(value: float) -> None:
    report = inspect(triangle([[0, 0, 0], [1, value, 0], [0, 1, 0]]))
    assert codes(report) == ["not_finite"]


def test_a_signalling_nan_is_refused_like_any_other() -> None:
    data = bytearray(triangle([[0, 0, 0], [1, 12345.0, 0], [0, 1, 0]]))
    at = data.rindex(struct.pack("<f", 12345.0))
    data[at : at + 4] = struct.pack("<I", 0x7FA00000)
    assert codes(inspect(bytes(data))) == ["not_finite"]


def test_triangles_that_point_at_nothing_are_refused() -> None:
    data = bytearray(triangle())
    at = data.rindex(struct.pack("<3H", 0, 1, 2))
    data[at : at + 2] = struct.pack("<H", 3)
    assert codes(inspect(bytes(data))) == ["index_out_of_bounds"]


def test_too_many_triangles_are_refused_however_they_come() -> None:
    dense = trimesh.creation.icosphere(subdivisions=6)
    report = inspect(bytes(trimesh.Scene([dense]).export(file_type="glb")))
    assert len(dense.faces) > TRIANGLES
    assert codes(report) == ["too_many_triangles"]

    def often(document: dict[str, Any]) -> None:
        document["nodes"] = [{"children": list(range(1, 70))}] + [{"mesh": 0}] * 69

    assert codes(inspect(triangle(change=often))) == ["too_many_draws"]


def test_a_node_with_two_parents_does_not_multiply() -> None:
    def bomb(document: dict[str, Any]) -> None:
        document["nodes"] = [{"children": [k + 1, k + 1]} for k in range(30)] + [{"mesh": 0}]

    assert "node_tree" in codes(inspect(triangle(change=bomb)))


@pytest.mark.parametrize(("width", "height"), [(2049, 1), (65_535, 65_535), (2**31 - 1, 2**31 - 1)])
def test_a_texture_bomb_is_known_by_its_header(width: int, height: int) -> None:
    assert codes(inspect(triangle(image=png_claiming(width, height)))) == ["image_too_large"]


def test_many_small_bombs_are_counted_together() -> None:
    def five(document: dict[str, Any]) -> None:
        document["images"] = document["images"] * 5

    assert PIXELS < 5 * 2048 * 2048
    assert codes(inspect(triangle(image=png_claiming(2048, 2048), change=five))) == ["too_many_pixels"]

    def seventeen(document: dict[str, Any]) -> None:
        document["images"] = document["images"] * 17

    assert codes(inspect(triangle(image=picture(), change=seventeen))) == ["too_many_images"]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"GIF89a" + b"\0" * 40,
        png_claiming(0, 5),
        picture()[:20],
        b"\xff\xd8\xff\xda",
        b"\xff\xd8\xff" + b"\xff" * 60,
        picture("JPEG") + b"\xff\xda" * 65,
        b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x07\0\0\x07\0\0",
        b"RIFF\0\0\0\0WEBPEVIL" + b"\0" * 20,
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    assert codes(inspect(triangle(image=data))) == ["image_unreadable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_glb"),
        (SVG, "not_glb"),
        (b"PK\x03\x04" + b"\0" * 100, "not_glb"),
        (b"glTF" + struct.pack("<II", 1, 100) + b"\0" * 88, "version"),
        (b"glTF" + struct.pack("<II", 2, 4_000_000_000) + b"\0" * 88, "truncated"),
        (b"glTF" + struct.pack("<IIII", 2, 100, 4_000_000_000, 0x4E4F534A) + b" " * 80, "truncated"),
        (b"glTF" + struct.pack("<IIII", 2, 100, 80, 0x004E4942) + b" " * 80, "not_glb"),
        (triangle()[:-4], "truncated"),
        (bytes(FILE_BYTES + 1), "file_too_large"),
        (pack_text(b" " * 2_100_000, b""), "json_too_large"),
        (pack_text(b"{" * 5000, b""), "document"),
        (pack_text(b'{"extras":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b""), "document"),
        (pack_text(b'{"asset":{"version":"2.0"},"nodes":[{"translation":[NaN,0,0]}]}', b""), "document"),
        (pack_text(b'{"asset":{"version":"2.0"},"nodes":[{"translation":[1e999,0,0]}]}', b""), "document"),
        (pack_text(b'{"asset":{"version":"\xff\xfe"}}', b""), "document"),
        (pack_text(b'{"asset":{"version":"2.0"}}', b""), "node_tree"),
        (pack_text(b"null", b""), "document"),
    ],
)
def test_what_is_no_model_is_refused_by_name(data: bytes, code: str) -> None:
    assert codes(inspect(data)) == [code]


def test_a_file_wrong_in_a_thousand_places_tells_some_of_them() -> None:
    def spoil(document: dict[str, Any]) -> None:
        document["bufferViews"] = [{"buffer": 3, "byteLength": 1}] * 1000

    report = inspect(triangle(change=spoil))
    assert 1 < len(report.findings) <= 40


REAL = [box(), poster(), triangle(image=picture("JPEG"))]
PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def check(data: bytes) -> None:
    """Whatever comes in, the answer is a report; what is taken holds its limits and stays as it is."""
    report = inspect(data)
    if report.kept is None:
        assert any(finding.weight == "refused" for finding in report.findings)
        return
    assert report.figures is not None
    assert 0 < report.figures.triangles <= TRIANGLES
    again = inspect(report.kept)
    assert (again.kept, again.figures) == (report.kept, report.figures)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(REAL), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12))
def test_damaged_files_never_break_the_inspection(data: bytes, damage: list[tuple[float, int]]) -> None:
    spoiled = bytearray(data)
    for place, value in damage:
        spoiled[int(place * (len(spoiled) - 1))] = value
    check(bytes(spoiled))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(REAL))
def test_documents_with_anything_anywhere_never_break_the_inspection(
    draw: st.DataObject, data: bytes
) -> None:
    document, binary = parse(data)
    for _ in range(draw.draw(st.integers(1, 3))):
        target: Any = document
        while isinstance(target, dict | list) and target:
            keys = list(target) if isinstance(target, dict) else list(range(len(target)))
            key = draw.draw(st.sampled_from(keys))
            if not isinstance(target[key], dict | list) or draw.draw(st.booleans()):
                target[key] = draw.draw(PARTS)
                break
            target = target[key]
    check(pack(document, binary))


def test_the_process_of_its_own_answers_and_can_open_nothing_more() -> None:
    told = subprocess.run(
        [sys.executable, "-I", "-m", "scenes.inspection"],
        input=poster(),
        capture_output=True,
        check=True,
        timeout=60,
        env={"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
    )
    (size,) = struct.unpack_from("<I", told.stdout)
    report = json.loads(told.stdout[4 : 4 + size])
    assert report["findings"] == []
    assert told.stdout[4 + size :] == inspect(poster()).kept
    probe = (
        "import sys, io, socket, resource\n"
        "import scenes.inspection.__main__ as child\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b''))\n"
        "child.main()\n"
        "for act in (lambda: open('/dev/null'), lambda: socket.socket()):\n"
        "    try: act()\n"
        "    except OSError as error: print(error.errno, file=sys.stderr)\n"
        "try: bytearray(2 << 30)\n"
        "except MemoryError: print('memory', file=sys.stderr)\n"
    )
    probed = subprocess.run(
        [sys.executable, "-I", "-c", probe], capture_output=True, check=True, timeout=60, text=False
    )
    assert probed.stderr.split() == [b"24", b"24", b"memory"]  # EMFILE, twice
