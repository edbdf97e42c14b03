"""What a person's client does: REST and websocket, logged in."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, Self

import aiohttp

from .errors import EndedError, RefusedError
from .login import Login
from .waiting import within

PATIENCE = 120

type Json = dict[str, Any]


class Client:
    """One websocket connection, and the REST API beside it."""

    def __init__(
        self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, login: Login
    ) -> None:
        self.login = login
        self._http = http
        self._socket = socket
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._events: dict[int, asyncio.Queue[Json]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, http: aiohttp.ClientSession, login: Login) -> Self:
        """Open the websocket; raises RefusedError."""
        socket = await http.ws_connect(f"{login.url}/api/websocket", max_msg_size=0)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": login.access_token})
        if (answer := await socket.receive_json())["type"] != "auth_ok":
            raise RefusedError(f"Home Assistant refused the login: {answer}")
        return cls(http, socket, login)

    async def close(self) -> None:
        """Hang up."""
        self._reader.cancel()
        await self._socket.close()

    async def post(self, path: str, content: Json) -> Json:
        """Post to the REST API; raises RefusedError."""
        headers = {"Authorization": f"Bearer {self.login.access_token}"}
        async with self._http.post(
            f"{self.login.url}{path}", json=content, headers=headers
        ) as answer:
            if not answer.ok:
                raise RefusedError(f"{path} answered {answer.status}: {await answer.text()}")
            result: Json = await answer.json()
            return result

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send a websocket command and return its result; raises RefusedError."""
        return await self._send(next(self._ids), kind, fields)

    async def call(self, service: str, entity_id: str, **data: Any) -> None:
        """Call a service (`domain.name`) on an entity and wait until it is done."""
        domain, name = service.split(".")
        await self.command(
            "call_service",
            domain=domain,
            service=name,
            service_data=data,
            target={"entity_id": entity_id},
        )

    async def state(self, entity_id: str) -> str:
        """Return one entity's state."""
        return str((await self.states())[entity_id]["state"])

    async def states(self) -> dict[str, Json]:
        """Return all states by entity id."""
        return {state["entity_id"]: state for state in await self.command("get_states")}

    @asynccontextmanager
    async def events(self) -> AsyncGenerator[asyncio.Queue[Json]]:
        """Collect all events, in the order and with the times that Home Assistant gives them."""
        number = next(self._ids)
        queue = self._events[number] = asyncio.Queue()
        await self._send(number, "subscribe_events", {})
        try:
            yield queue
        finally:
            del self._events[number]
            with suppress(EndedError):  # there is nobody left to tell
                await self.command("unsubscribe_events", subscription=number)

    async def _send(self, number: int, kind: str, fields: Json) -> Any:
        if self._reader.done():
            raise EndedError("Home Assistant hung up")
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": number, "type": kind, **fields})
            async with within(PATIENCE, f"Home Assistant's answer to {kind}"):
                message = await answer
        except aiohttp.ClientError as error:
            raise EndedError("Home Assistant hung up") from error
        finally:
            del self._answers[number]
        if not message["success"]:
            raise RefusedError(f"{kind} {fields}: {message['error']}")
        return message["result"]

    async def _read(self) -> None:
        async for frame in self._socket:
            message: Json = frame.json()
            if message["type"] == "event" and message["id"] in self._events:
                self._events[message["id"]].put_nowait(message["event"])
            elif message["type"] == "result" and self._is_awaited(message["id"]):
                self._answers[message["id"]].set_result(message)
        for number in filter(self._is_awaited, self._answers):
            self._answers[number].set_exception(EndedError("Home Assistant hung up"))

    def _is_awaited(self, number: int) -> bool:
        return number in self._answers and not self._answers[number].done()
