"""Whether this machine can code speech: Opus, through PyAV's bundled FFmpeg."""

import av
from av.codec.codec import UnknownCodecError

from meta_gwangju.errors import CodecMissingError


def check_codec(name: str = "libopus") -> str:
    """Return what codes and decodes speech, in words.

    Raises:
        CodecMissingError: PyAV was built without libopus.
    """
    for mode in ("w", "r"):
        try:
            av.codec.Codec(name, mode)
        except UnknownCodecError as error:
            raise CodecMissingError(
                f"음성 코덱({name})이 없습니다. PyAV를 공식 휠로 다시 설치하세요: "
                "pip install --force-reinstall --only-binary av av",
                f"The speech codec ({name}) is missing. Install PyAV again from its wheel: "
                "pip install --force-reinstall --only-binary av av",
            ) from error
    return f"{name} (PyAV {av.__version__})"
