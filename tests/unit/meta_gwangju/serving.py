"""The real server in the test's own event loop."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from meta_gwangju.certificates import Certificate
from meta_gwangju.config import Settings
from meta_gwangju.listen import open_listener
from meta_gwangju.node import CityNode
from meta_gwangju.serve import serve_city


@asynccontextmanager
async def opened(
    node: CityNode, settings: Settings, certificate: Certificate | None = None
) -> AsyncIterator[str]:
    """Serve on a free port, give its address, and stop as an operator does: with SIGTERM."""
    ready = asyncio.Event()
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        served = asyncio.create_task(serve_city(node, settings, listener, certificate, ready.set))
        try:
            await asyncio.wait_for(ready.wait(), 10.0)
            yield f"127.0.0.1:{port}"
        finally:
            if not served.done():
                os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(served, 10.0)
