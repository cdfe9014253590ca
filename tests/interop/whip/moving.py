"""A publisher that is not ours: FFmpeg's WHIP muxer, through PyAV, in a process of its own.

`python moving.py URL TOKEN SECONDS`, or `python moving.py FILE` to write the same into a file.

Built with GnuTLS, as PyAV's is, FFmpeg makes its DTLS key on a curve that OpenSSL does not take any more: it
is given one.
"""

import sys
import tempfile
import time
from pathlib import Path

import av
import numpy as np
from aiortc.rtcdtlstransport import generate_certificate
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

WIDTH, HEIGHT, RATE, SOUND_RATE = 640, 360, 30, 48_000


def picture(number: int) -> av.VideoFrame:
    """A bright bar that wanders over a ground that brightens."""
    image = np.full((HEIGHT, WIDTH, 3), 3 * number % 200, np.uint8)
    at = 7 * number % (WIDTH - 60)
    image[:, at : at + 60] = (250, 120, 30)
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    frame.pts = number
    return frame


def tone(number: int) -> av.AudioFrame:
    """20 ms of 700 Hz."""
    time_of = (number * 960 + np.arange(960)) / SOUND_RATE
    wave = (0.3 * np.sin(2.0 * np.pi * 700.0 * time_of)).astype(np.float32)
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=960)
    for plane in frame.planes:
        plane.update(wave.tobytes())
    frame.sample_rate, frame.pts = SOUND_RATE, number * 960
    return frame


def write(container: av.container.OutputContainer, seconds: float, *, live: bool) -> None:
    """Encode picture and tone into a container."""
    video = container.add_stream("libx264", rate=RATE)
    video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 800_000
    video.options = {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency", "g": "60"}
    sound = container.add_stream("libopus", rate=SOUND_RATE)
    sound.layout = "stereo"
    begun, sounds = time.monotonic(), 0
    for number in range(int(seconds * RATE)):
        container.mux(video.encode(picture(number)))
        while sounds * 960 / SOUND_RATE < number / RATE:
            container.mux(sound.encode(tone(sounds)))
            sounds += 1
        if live:
            time.sleep(max(begun + number / RATE - time.monotonic(), 0.0))
    if not live:
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    container.close()


def publish(url: str, token: str, seconds: float) -> None:
    """Publish live."""
    key = ec.generate_private_key(ec.SECP256R1())
    with tempfile.TemporaryDirectory() as folder:
        key_file, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(generate_certificate(key).public_bytes(Encoding.PEM))
        options = {"authorization": token, "cert_file": str(certificate), "key_file": str(key_file)}
        write(av.open(url, "w", format="whip", options=options), seconds, live=True)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        write(av.open(sys.argv[1], "w"), 4.0, live=False)
    else:
        publish(sys.argv[1], sys.argv[2], float(sys.argv[3]))
