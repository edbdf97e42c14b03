"""The owner of the house, and how that person logs in."""

from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from .errors import RefusedError

USER: Final = "door"
PASSWORD: Final = "open sesame"
OWNER: Final = {"name": "Resident", "username": USER, "password": PASSWORD, "language": "en"}


@dataclass(frozen=True, slots=True)
class Login:
    """What a browser keeps of a login."""

    url: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    seconds: int

    @property
    def client_id(self) -> str:
        """The page that logged in."""
        return f"{self.url}/"


async def create_owner(http: aiohttp.ClientSession, url: str) -> None:
    """Create the owner, unless that was done before; raises RefusedError."""
    async with http.get(f"{url}/api/onboarding") as answer:
        if answer.status == 404 or {"step": "user", "done": True} in await answer.json():
            return
    await _post(http, f"{url}/api/onboarding/users", json=OWNER | {"client_id": f"{url}/"})


async def log_in(http: aiohttp.ClientSession, url: str) -> Login:
    """Log in as the owner; raises RefusedError."""
    client = {"client_id": f"{url}/"}
    flow = await _post(
        http,
        f"{url}/auth/login_flow",
        json=client | {"handler": ["homeassistant", None], "redirect_uri": f"{url}/"},
    )
    answer = await _post(
        http,
        f"{url}/auth/login_flow/{flow['flow_id']}",
        json=client | {"username": USER, "password": PASSWORD},
    )
    token = await _post(
        http,
        f"{url}/auth/token",
        data=client | {"grant_type": "authorization_code", "code": answer["result"]},
    )
    return Login(url, token["access_token"], token["refresh_token"], token["expires_in"])


async def _post(http: aiohttp.ClientSession, url: str, **content: Any) -> dict[str, Any]:
    async with http.post(url, **content) as answer:
        if not answer.ok:
            raise RefusedError(f"{url} answered {answer.status}: {await answer.text()}")
        result: dict[str, Any] = await answer.json()
        return result
