"""Errors of the headset runtime. Each carries a sentence in Korean and in English that says what to do.

XrError
├── GraphicsLibraryMissingError   pyopenxr cannot be loaded, because libGL is missing
├── RuntimeMissingError           no OpenXR runtime is installed, or it is not running
├── ExtensionMissingError         the runtime lacks an extension that is needed
├── HeadsetMissingError           the runtime runs, but no headset is connected
└── RuntimeLostError              the runtime ended while in use; opening it again may work
"""


class XrError(Exception):
    """Base of every error that :mod:`xr_runtime` raises.

    Attributes:
        ko: What is wrong and what to do, in Korean.
        en: The same in English.
    """

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(f"{ko} / {en}")
        self.ko = ko
        self.en = en


class GraphicsLibraryMissingError(XrError):
    """Pyopenxr cannot be loaded, because libGL is missing."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"OpenXR 라이브러리를 불러올 수 없습니다 ({detail}). libgl1과 libglx0 패키지를 설치하세요 "
            "(apt install libgl1 libglx0).",
            f"The OpenXR library cannot be loaded ({detail}). Install the packages libgl1 and libglx0 "
            "(apt install libgl1 libglx0).",
        )


class RuntimeMissingError(XrError):
    """No OpenXR runtime is installed, or it is not running."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"OpenXR 런타임이 응답하지 않습니다 ({detail}). SteamVR이나 Monado(monado-service)를 설치하고 "
            "실행한 뒤 다시 시도하세요. 기본 런타임으로 등록되지 않았다면 XR_RUNTIME_JSON에 "
            "그 JSON 파일을 지정하세요.",
            f"No OpenXR runtime answers ({detail}). Install and start SteamVR or Monado (monado-service), "
            "then try again. If it is not registered as the default, name its JSON file in XR_RUNTIME_JSON.",
        )


class ExtensionMissingError(XrError):
    """The runtime lacks an extension that is needed."""

    def __init__(self, runtime: str, extensions: tuple[str, ...]) -> None:
        names = ", ".join(extensions)
        super().__init__(
            f"OpenXR 런타임({runtime})이 {names} 확장을 지원하지 않습니다. "
            "이 확장이 있는 런타임(예: Monado)으로 바꾸세요.",
            f"The OpenXR runtime ({runtime}) does not offer {names}. Use one that does, such as Monado.",
        )


class HeadsetMissingError(XrError):
    """The runtime runs, but no headset is connected."""

    def __init__(self, runtime: str) -> None:
        super().__init__(
            f"OpenXR 런타임({runtime})에 연결된 헤드셋이 없습니다. 연결하고 켠 뒤 다시 시도하세요.",
            f"No headset is connected to the OpenXR runtime ({runtime}). Connect it, switch it on and "
            "try again.",
        )


class RuntimeLostError(XrError):
    """The runtime ended while in use; opening it again may work."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"OpenXR 런타임과 연결이 끊어졌습니다 ({detail}). 런타임이 돌아오면 자동으로 다시 연결합니다.",
            f"The OpenXR runtime went away ({detail}). The session is rebuilt as soon as it is back.",
        )
