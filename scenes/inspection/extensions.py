"""Extensions: those that the page draws are kept, the others left out; a model that needs one is refused."""

from scenes.inspection.document import Document
from scenes.inspection.meshes import is_quantised
from scenes.inspection.report import Findings, plain

_UNLIT, _TRANSFORM = "KHR_materials_unlit", "KHR_texture_transform"
_EMISSIVE, _WEBP, _QUANTISED = "KHR_materials_emissive_strength", "EXT_texture_webp", "KHR_mesh_quantization"
#: What the page draws.
DRAWN = frozenset({_UNLIT, _TRANSFORM, _EMISSIVE, _WEBP, _QUANTISED})


def check_extensions(document: Document, findings: Findings) -> None:
    """Refuse what is required and not drawn, and tell what is left out."""
    required = set(document.extensions_required or ())
    for name in sorted(required - DRAWN):
        findings.refuse(
            "extension_required",
            "$.extensionsRequired",
            f"{plain(name)} 확장이 있어야 그릴 수 있는 모델이에요. "
            "압축(Draco, meshopt 등)과 특수 효과를 끄고 내보내 주세요.",
            f"The model cannot be drawn without the extension {plain(name)}. Export without compression "
            "(Draco, meshopt) and special effects.",
        )
    for name in sorted(set(document.extensions_used or ()) - required - DRAWN):
        findings.drop(
            "extension",
            "$.extensionsUsed",
            f"{plain(name)} 확장은 빼고 세워요.",
            f"The extension {plain(name)} is left out.",
        )
    _tell_parts(document, findings)


def _tell_parts(document: Document, findings: Findings) -> None:
    """Tell which parts of the document are left out as a whole."""
    if document.animations:
        findings.drop(
            "animations",
            "$.animations",
            f"움직임 {len(document.animations)}개는 빼고, 멈춘 모습으로 세워요.",
            f"{len(document.animations)} animations are left out; the model stands still.",
        )
    if document.cameras:
        findings.drop(
            "cameras",
            "$.cameras",
            f"카메라 {len(document.cameras)}개는 빼고 세워요.",
            f"{len(document.cameras)} cameras are left out.",
        )
    if len(document.scenes) > 1:
        findings.drop(
            "scenes",
            "$.scenes",
            "장면이 여러 개라서 기본 장면만 세워요.",
            "There are several scenes; only the default one is kept.",
        )


def declare(document: Document) -> None:
    """Write which extensions the kept document really uses, and which it needs."""
    used, needed = set(), set()
    for texture in document.textures:
        if texture.extensions and texture.extensions.webp:
            used.add(_WEBP)
            if texture.source is None:
                needed.add(_WEBP)
    for material in document.materials:
        if material.extensions and material.extensions.unlit:
            used.add(_UNLIT)
        if material.extensions and material.extensions.emissive:
            used.add(_EMISSIVE)
        if any(info.extensions and info.extensions.transform for info in material.textures()):
            used.add(_TRANSFORM)
    if is_quantised(document):
        used.add(_QUANTISED)
        needed.add(_QUANTISED)
    document.extensions_used = sorted(used) or None
    document.extensions_required = sorted(needed) or None
