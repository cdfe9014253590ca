"""The tileset as another program reads it."""

import gzip
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenes.errors import TilesetError
from scenes.glb import parse
from scenes.layout import Layout
from scenes.lod import LEAF
from scenes.tile_reader import ENU_FROM_GLTF, TileNode, load, walk, world_vertices
from spatial.frames import GWANGJU
from tests.unit.scenes.corner_city import Built

MATERIALS = {"paper", "ground", "road", "water", "green", "brass", "landmark", "station", "tree", "lamp"}
INVENTED = {"paper", "road", "water", "green", "tree", "lamp"}
COMPONENT_BYTES = {5121: 1, 5123: 2, 5125: 4, 5126: 4}
WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}


@pytest.fixture(scope="module")
def nodes(corner: Built) -> list[TileNode]:
    return list(walk(corner.folder / "tileset.json"))


def documents(nodes: list[TileNode]) -> list[tuple[Path, dict[str, Any], bytes]]:
    return [(node.path, *parse(node.path.read_bytes())) for node in nodes if node.path is not None]


def test_the_root_carries_the_rigid_transform_to_ecef(nodes: list[TileNode]) -> None:
    np.testing.assert_allclose(nodes[0].ecef_from_tile, GWANGJU.ecef_from_enu(), atol=1e-9)


def test_tiles_are_translated_to_the_middle_of_their_square(nodes: list[TileNode]) -> None:
    enu_from_ecef = np.linalg.inv(GWANGJU.ecef_from_enu())
    for node in nodes:
        enu_from_tile = enu_from_ecef @ node.ecef_from_tile
        np.testing.assert_allclose(enu_from_tile[:3, :3], np.eye(3), atol=1e-9)
        size = node.metadata["size"]
        place = (enu_from_tile[:2, 3] + 32_000.0) / size
        np.testing.assert_allclose(place % 1.0, 0.5, atol=1e-6)


def test_bounding_volumes_hold_the_content_of_the_tile_and_of_all_below(nodes: list[TileNode]) -> None:
    for node in nodes:
        world_from_content = node.world_from_content(GWANGJU)
        scene = load(node)
        points = np.concatenate(
            [world_vertices(scene, name, world_from_content) for name in scene.graph.nodes_geometry]
        )
        at: TileNode | None = node
        while at is not None:
            world_from_tile = at.world_from_content(GWANGJU) @ np.linalg.inv(ENU_FROM_GLTF)
            tile_from_world = np.linalg.inv(world_from_tile)
            local = points @ tile_from_world[:3, :3].T + tile_from_world[:3, 3]
            half = np.abs(at.box[1:]).sum(axis=0)
            assert np.all(np.abs(local - at.box[0]) <= half + 1e-3), (node.path, at.path)
            at = nodes[at.parent] if at.parent >= 0 else None


def test_geometric_errors_fall_and_leaves_are_exact(nodes: list[TileNode]) -> None:
    parents = {node.parent for node in nodes}
    for index, node in enumerate(nodes):
        if node.parent >= 0:
            assert node.geometric_error < nodes[node.parent].geometric_error
        assert (node.geometric_error == 0.0) == (index not in parents)
    top = json.loads((nodes[0].path.parents[2] / "tileset.json").read_text(encoding="utf-8"))  # type: ignore[union-attr]
    assert top["geometricError"] > nodes[0].geometric_error


def test_children_cover_what_their_parent_covers(nodes: list[TileNode]) -> None:
    for index, node in enumerate(nodes):
        below = [child for child in nodes if child.parent == index]
        if below and node.metadata["size"] <= 4000:
            assert len(below) == 4
            assert {child.metadata["size"] for child in below} == {node.metadata["size"] // 2}


def test_materials_and_flags_survive_into_every_glb(nodes: list[TileNode]) -> None:
    seen = set()
    for path, document, _ in documents(nodes):
        for mesh in document["meshes"]:
            material = document["materials"][mesh["primitives"][0]["material"]]["name"]
            seen.add(material)
            assert mesh["extras"]["synthetic"] is (material in INVENTED), (path, material)
    assert seen == MATERIALS


def test_synthetic_counts_survive_into_the_metadata(corner: Built, nodes: list[TileNode]) -> None:
    leaves = [node for node in nodes if node.metadata["size"] == LEAF]
    assert sum(node.metadata["syntheticBuildings"] for node in leaves) == corner.report.buildings
    for node in leaves:
        extras = {
            name: geometry.metadata for name, geometry in load(node).geometry.items() if name == "paper"
        }
        counted = extras["paper"]["buildings"] if extras else 0
        assert counted == node.metadata["syntheticBuildings"]
    real = [node for node in leaves if node.metadata["realPlaces"]]
    named = [place for node in real for place in places_in(node)]
    assert {"may18_square", "acc", "station_104"} <= set(named)
    assert len(named) == sum(node.metadata["realPlaces"] for node in leaves)
    schema = json.loads((corner.folder / "tileset.json").read_text(encoding="utf-8"))["schema"]
    assert "syntheticBuildings" in schema["classes"]["content"]["properties"]


def places_in(node: TileNode) -> list[str]:
    named = []
    for geometry in load(node).geometry.values():
        named += geometry.metadata.get("places", [])
    return named


def test_windows_are_carried_by_paper_and_landmark_walls(nodes: list[TileNode]) -> None:
    kinds: set[int] = set()
    for _, document, _ in documents(nodes):
        for mesh in document["meshes"]:
            attributes = mesh["primitives"][0]["attributes"]
            assert "COLOR_0" in attributes
            assert "NORMAL" not in attributes
            if "_FAC" in attributes:
                assert mesh["name"] in {"paper", "landmark"}
                accessor = document["accessors"][attributes["_FAC"]]
                assert (accessor["componentType"], accessor["type"]) == (5123, "VEC4")
                kinds.add(accessor["max"][2])
                assert accessor["max"][3] <= 1023
    assert max(kinds) <= 5


def test_every_glb_is_well_formed(nodes: list[TileNode]) -> None:
    for path, document, binary in documents(nodes):
        assert document["buffers"] == [{"byteLength": len(binary)}]
        for accessor in document["accessors"]:
            view = document["bufferViews"][accessor["bufferView"]]
            size = COMPONENT_BYTES[accessor["componentType"]]
            row = size * WIDTH[accessor["type"]]
            stride = view.get("byteStride", row)
            assert view["byteOffset"] % 4 == 0
            assert stride % 4 == 0 or view["target"] == 34963
            end = accessor.get("byteOffset", 0) + stride * (accessor["count"] - 1) + row
            assert end <= view["byteLength"], path
            assert view["byteOffset"] + view["byteLength"] <= len(binary)
        for mesh in document["meshes"]:
            check_primitive(document, binary, mesh["primitives"][0])


def check_primitive(document: dict[str, Any], binary: bytes, primitive: dict[str, Any]) -> None:
    accessors = document["accessors"]
    counts = {accessors[index]["count"] for index in primitive["attributes"].values()}
    assert len(counts) == 1
    accessor = accessors[primitive["indices"]]
    view = document["bufferViews"][accessor["bufferView"]]
    kind = "<u2" if accessor["componentType"] == 5123 else "<u4"
    indices = np.frombuffer(binary, kind, accessor["count"], view["byteOffset"])
    assert accessor["count"] % 3 == 0
    assert indices.max() < counts.pop()
    position = accessors[primitive["attributes"]["POSITION"]]
    assert {"min", "max"} <= position.keys()
    if position["componentType"] == 5123:
        assert document["extensionsRequired"] == ["KHR_mesh_quantization"]


def test_the_ground_in_a_leaf_is_the_ground_people_stand_on(nodes: list[TileNode], layout: Layout) -> None:
    leaf = next(node for node in nodes if node.metadata["size"] == LEAF)
    points = world_vertices(load(leaf), "ground", leaf.world_from_content(GWANGJU))[: 21 * 21]
    np.testing.assert_allclose(layout.ground.height(points[:, [0, 2]]), points[:, 1], atol=1e-4)


def test_leaves_stay_within_the_triangle_budget(nodes: list[TileNode]) -> None:
    for node in nodes:
        assert node.metadata["triangles"] < 45_000, node.path
    leaves = [node.metadata["triangles"] for node in nodes if node.metadata["size"] == LEAF]
    assert np.median(leaves) < 30_000


def test_each_glb_has_a_gzip_sibling_of_the_same_bytes(nodes: list[TileNode]) -> None:
    for node in nodes:
        assert node.path is not None
        assert gzip.decompress(node.path.with_suffix(".glb.gz").read_bytes()) == node.path.read_bytes()


def test_mudeungsan_rises_in_the_coarse_tiles(nodes: list[TileNode]) -> None:
    tops = {}
    for node in nodes:
        size = node.metadata["size"]
        points = world_vertices(load(node), "ground", node.world_from_content(GWANGJU))
        near = np.hypot(points[:, 0] - 14_210.0, points[:, 2] - 4016.0) < 1500.0
        if np.any(near):
            tops[size] = max(tops.get(size, 0.0), float(points[near, 1].max()))
    assert tops[8000] > 1000.0
    assert tops[16_000] > 950.0


@pytest.mark.parametrize("text", ["", "{}", '{"root": 5}', '{"root": {"geometricError": 1}}'])
def test_what_is_no_tileset_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tileset.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TilesetError, match=r"tileset\.json"):
        list(walk(path))


def test_a_damaged_glb_is_refused_by_name(tmp_path: Path, nodes: list[TileNode]) -> None:
    path = tmp_path / "1_1.glb"
    path.write_bytes(b"glTF" + struct.pack("<II", 2, 999))
    node = nodes[0]
    broken = TileNode(path, 0, -1, 0.0, node.ecef_from_tile, node.box, {})
    with pytest.raises(TilesetError, match=r"1_1\.glb"):
        load(broken)
