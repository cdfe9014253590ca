"""The glTF document as far as it is drawn. What is not declared here is read over and never written again.

Names, extras and unknown extensions thus cannot reach anybody's page; counts and indices are bounded by type.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Index = Annotated[int, Meta(ge=0, le=65_535)]
Size = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
Pair = tuple[Number, Number]
Triple = tuple[Number, Number, Number]
Quadruple = tuple[Number, Number, Number, Number]
#: Column-major (glTF 2.0, section 5.25.1).
Matrix = Annotated[list[Number], Meta(min_length=16, max_length=16)]
#: How many of a thing a document may list.
Many = Meta(max_length=4096)


class _Part(Struct, rename="camel", omit_defaults=True):
    """Base: names as glTF has them, and nothing written that is not set."""


class Asset(_Part):
    """Who made it; the notice of copyright is kept."""

    version: Annotated[str, Meta(max_length=16)]
    copyright: Annotated[str, Meta(max_length=512)] | None = None
    generator: Annotated[str, Meta(max_length=1024)] | None = None


class Buffer(_Part):
    """The binary chunk."""

    byte_length: Size
    uri: object | None = None


class BufferView(_Part):
    """A part of the binary chunk."""

    buffer: Index
    byte_length: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    byte_offset: Size = 0
    byte_stride: Annotated[int, Meta(ge=4, le=252, multiple_of=4)] | None = None
    target: Literal[34962, 34963] | None = None


class Accessor(_Part):
    """Numbers in a buffer view."""

    component_type: Literal[5120, 5121, 5122, 5123, 5125, 5126]
    type: Literal["SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4"]
    count: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    buffer_view: Index | None = None
    byte_offset: Size = 0
    normalized: bool = False
    min: list[float] | None = None
    max: list[float] | None = None
    sparse: object | None = None


class Image(_Part):
    """A picture in a buffer view."""

    buffer_view: Index | None = None
    mime_type: Annotated[str, Meta(max_length=64)] | None = None
    uri: object | None = None


class Sampler(_Part):
    """How a picture is looked up."""

    mag_filter: Literal[9728, 9729] | None = None
    min_filter: Literal[9728, 9729, 9984, 9985, 9986, 9987] | None = None
    wrap_s: Literal[33071, 33648, 10497] = 10497
    wrap_t: Literal[33071, 33648, 10497] = 10497


class WebpSource(_Part):
    """EXT_texture_webp."""

    source: Index


class TextureExtensions(_Part):
    """Of a texture."""

    webp: WebpSource | None = field(name="EXT_texture_webp", default=None)


class Texture(_Part):
    """A picture with a sampler."""

    source: Index | None = None
    sampler: Index | None = None
    extensions: TextureExtensions | None = None


class TextureTransform(_Part):
    """KHR_texture_transform."""

    offset: Pair = (0.0, 0.0)
    rotation: Number = 0.0
    scale: Pair = (1.0, 1.0)
    tex_coord: Annotated[int, Meta(ge=0, le=1)] | None = None


class TextureInfoExtensions(_Part):
    """Of a material's texture."""

    transform: TextureTransform | None = field(name="KHR_texture_transform", default=None)


class TextureInfo(_Part):
    """A material's texture; ``scale`` is a normal texture's, ``strength`` an occlusion texture's."""

    index: Index
    tex_coord: Annotated[int, Meta(ge=0, le=1)] = 0
    scale: Number | None = None
    strength: Unit | None = None
    extensions: TextureInfoExtensions | None = None


class Roughness(_Part):
    """The metallic-roughness model."""

    base_color_factor: Annotated[list[Unit], Meta(min_length=4, max_length=4)] | None = None
    base_color_texture: TextureInfo | None = None
    metallic_factor: Unit = 1.0
    roughness_factor: Unit = 1.0
    metallic_roughness_texture: TextureInfo | None = None


class Unlit(_Part):
    """KHR_materials_unlit."""


class EmissiveStrength(_Part):
    """KHR_materials_emissive_strength."""

    emissive_strength: Annotated[float, Meta(ge=0.0, le=100.0)] = 1.0


class MaterialExtensions(_Part):
    """Of a material."""

    unlit: Unlit | None = field(name="KHR_materials_unlit", default=None)
    emissive: EmissiveStrength | None = field(name="KHR_materials_emissive_strength", default=None)


class Material(_Part):
    """How a surface looks."""

    pbr_metallic_roughness: Roughness | None = None
    normal_texture: TextureInfo | None = None
    occlusion_texture: TextureInfo | None = None
    emissive_texture: TextureInfo | None = None
    emissive_factor: Annotated[list[Unit], Meta(min_length=3, max_length=3)] | None = None
    alpha_mode: Literal["OPAQUE", "MASK", "BLEND"] = "OPAQUE"
    alpha_cutoff: Unit | None = None
    double_sided: bool = False
    extensions: MaterialExtensions | None = None

    def textures(self) -> list[TextureInfo]:
        """Return the textures that it uses."""
        pbr = self.pbr_metallic_roughness
        every = [self.normal_texture, self.occlusion_texture, self.emissive_texture]
        every += [pbr.base_color_texture, pbr.metallic_roughness_texture] if pbr else []
        return [info for info in every if info is not None]


class Primitive(_Part):
    """Triangles of one material."""

    attributes: dict[Annotated[str, Meta(max_length=64)], Index]
    indices: Index | None = None
    material: Index | None = None
    mode: Annotated[int, Meta(ge=0, le=6)] = 4
    targets: object | None = None


class Mesh(_Part):
    """Primitives that go together."""

    primitives: Annotated[list[Primitive], Meta(min_length=1, max_length=1024)]
    weights: object | None = None


class Node(_Part):
    """A mesh somewhere."""

    mesh: Index | None = None
    children: Annotated[list[Index], Many] | None = None
    matrix: Matrix | None = None
    translation: Triple | None = None
    rotation: Quadruple | None = None
    scale: Triple | None = None
    skin: object | None = None


class Scene(_Part):
    """Nodes that are shown together."""

    nodes: Annotated[list[Index], Many] = field(default_factory=list)


class Document(_Part):
    """The whole."""

    asset: Asset
    extensions_used: Annotated[list[Annotated[str, Meta(max_length=128)]], Meta(max_length=64)] | None = None
    extensions_required: Annotated[list[Annotated[str, Meta(max_length=128)]], Meta(max_length=64)] | None = (
        None
    )
    scene: Index | None = None
    scenes: Annotated[list[Scene], Meta(max_length=64)] = field(default_factory=list)
    nodes: Annotated[list[Node], Many] = field(default_factory=list)
    meshes: Annotated[list[Mesh], Meta(max_length=1024)] = field(default_factory=list)
    materials: Annotated[list[Material], Meta(max_length=256)] = field(default_factory=list)
    textures: Annotated[list[Texture], Meta(max_length=256)] = field(default_factory=list)
    samplers: Annotated[list[Sampler], Meta(max_length=256)] = field(default_factory=list)
    images: Annotated[list[Image], Meta(max_length=256)] = field(default_factory=list)
    accessors: Annotated[list[Accessor], Many] = field(default_factory=list)
    buffer_views: Annotated[list[BufferView], Many] = field(default_factory=list)
    buffers: Annotated[list[Buffer], Meta(max_length=16)] = field(default_factory=list)
    animations: list[object] | None = None
    cameras: list[object] | None = None
