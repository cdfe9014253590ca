"""What a publisher's tracks give."""

import asyncio

import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError

from streaming.audio import FRAME
from streaming.video.client import Block, BlockTrack, Image, PictureTrack, SourceEndedError


def test_the_newest_picture_is_shown_until_there_is_another_and_odd_sizes_are_cut() -> None:
    async def body() -> None:
        pictures = iter([np.full((101, 203, 3), 200, np.uint8), None, np.full((100, 200, 3), 10, np.uint8)])
        track = PictureTrack(lambda: next(pictures))
        frames = [await track.recv() for _ in range(3)]
        assert [(frame.width, frame.height) for frame in frames] == [(202, 100), (202, 100), (200, 100)]
        means = [float(frame.to_ndarray(format="bgr24").mean()) for frame in frames]
        assert means == pytest.approx([200, 200, 10], abs=3)
        assert [frame.pts for frame in frames] == [0, 3000, 6000]

    asyncio.run(body())


def test_a_source_that_ends_ends_its_track() -> None:
    def gone() -> Image | None:
        raise SourceEndedError

    async def body() -> None:
        track, told = PictureTrack(gone), asyncio.Event()
        track.on("ended", told.set)
        with pytest.raises(MediaStreamError):
            await track.recv()
        assert track.readyState == "ended"
        assert told.is_set()

    asyncio.run(body())


def test_sound_comes_in_blocks_and_what_is_missing_is_silent() -> None:
    async def body() -> None:
        blocks: list[Block | None] = [np.full(FRAME, 500, np.int16), None]
        track = BlockTrack(lambda: blocks.pop(0))
        loud, silent = [await track.recv() for _ in range(2)]
        assert (loud.pts, silent.pts, loud.sample_rate) == (0, FRAME, 48_000)
        assert set(np.asarray(loud.to_ndarray()).ravel().tolist()) == {500}
        assert not np.asarray(silent.to_ndarray()).any()
        track.stop()
        with pytest.raises(MediaStreamError):
            await track.recv()

    asyncio.run(body())
