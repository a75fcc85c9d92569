"""A TCP proxy that can cut its connections, freeze, and come back on the same port."""

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class Proxy:
    """Stands between a client and a server on loopback.

    Args:
        port: of the server.
    """

    def __init__(self, port: int) -> None:
        self.port = 0
        """Where clients connect."""
        self.passed = 0
        """Bytes, in both directions."""
        self._upstream = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Accepts connections, on the port of before if there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cuts every connection and refuses new ones."""
        self.thaw()
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def freeze(self) -> None:
        """Holds back every byte, with all connections open: a server that hangs."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Lets the bytes pass again."""
        self._flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._upstream)
        self._writers |= {writer, back}
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(65536):
                await self._flowing.wait()
                self.passed += len(piece)
                sink.write(piece)
                await sink.drain()
        sink.close()
