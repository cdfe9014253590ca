"""Materials, textures and pictures: bounded by their headers before anybody decodes them."""

from scenes.inspection.document import Document
from scenes.inspection.limits import IMAGES, PIXELS, SIDE
from scenes.inspection.pictures import PictureError, read_header
from scenes.inspection.report import Findings
from scenes.inspection.views import external


def check_looks(document: Document, binary: memoryview, findings: Findings) -> int:
    """Return the pixels of all pictures together, and write each one's true media type into the document.

    Raises:
        RefusedError: One of them may not be drawn.
    """
    if len(document.images) > IMAGES:
        findings.refuse(
            "too_many_images",
            "$.images",
            f"그림이 {len(document.images)}장이에요. 합쳐서 {IMAGES}장까지 줄여 주세요.",
            f"There are {len(document.images)} pictures. Merge them until there are {IMAGES}.",
        )
        findings.stop_if_refused()
    pixels = sum(_check_image(document, index, binary, findings) for index in range(len(document.images)))
    if pixels > PIXELS:
        findings.refuse(
            "too_many_pixels",
            "$.images",
            f"그림을 모두 합치면 {pixels:,}화소예요. {PIXELS:,}화소까지 줄여 주세요.",
            f"All pictures together have {pixels:,} pixels. Reduce them to {PIXELS:,}.",
        )
    _check_references(document, findings)
    findings.stop_if_refused()
    return pixels


def _check_image(document: Document, index: int, binary: memoryview, findings: Findings) -> int:
    image, where = document.images[index], f"$.images[{index}]"
    if image.uri is not None:
        external(where, findings)
        return 0
    if image.buffer_view is None or image.buffer_view >= len(document.buffer_views):
        _wrong(where, findings)
        return 0
    view = document.buffer_views[image.buffer_view]
    try:
        picture = read_header(binary[view.byte_offset : view.byte_offset + view.byte_length])
    except PictureError as error:
        findings.refuse(
            "image_unreadable",
            where,
            f"PNG, JPEG, WebP 그림이 아니거나 손상됐어요({error}). PNG나 JPEG로 바꿔서 내보내 주세요.",
            f"This is no PNG, JPEG or WebP, or it is damaged ({error}). Export pictures as PNG or JPEG.",
        )
        return 0
    if max(picture.width, picture.height) > SIDE:
        findings.refuse(
            "image_too_large",
            where,
            f"그림이 {picture.width}×{picture.height}화소예요. {SIDE}×{SIDE}까지 줄여 주세요.",
            f"The picture has {picture.width}×{picture.height} pixels. Reduce it to {SIDE}×{SIDE}.",
        )
        return 0
    image.mime_type = picture.mime
    return picture.width * picture.height


def _check_references(document: Document, findings: Findings) -> None:
    for index, texture in enumerate(document.textures):
        webp = texture.extensions.webp if texture.extensions else None
        sources = [source for source in (texture.source, webp.source if webp else None) if source is not None]
        sampled = texture.sampler is None or texture.sampler < len(document.samplers)
        if not sources or not sampled or max(sources) >= len(document.images):
            _wrong(f"$.textures[{index}]", findings)
    for index, material in enumerate(document.materials):
        if any(info.index >= len(document.textures) for info in material.textures()):
            _wrong(f"$.materials[{index}]", findings)


def _wrong(where: str, findings: Findings) -> None:
    findings.refuse(
        "texture",
        where,
        "없는 그림을 가리켜요. 그림을 모두 넣어서 다시 내보내 주세요.",
        "It points at a picture that is not there. Export again with all pictures packed.",
    )
