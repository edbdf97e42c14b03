"""Whether the server does what its own document says, and nothing worse."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from quipgen_server.app import Api
from quipgen_server.openapi import DOCUMENT, PATHS
from quipgen_server.studio import Studio

from .actors import Actor
from .client import TOKEN, Client
from .serving import serving
from .writers import CorpusWriter

FEWEST_EXAMPLES = 2000
CHECKS = """
[checks]
negative_data_rejection.expected-statuses = ["4xx"]
"""


async def test_the_document_is_served(client: Client) -> None:
    answer = await client.ask("GET", "/openapi.json")
    assert await answer.json() == DOCUMENT


async def test_every_route_is_documented_and_no_other() -> None:
    routes = Api(Studio(CorpusWriter, Actor(["speaks"])), None).routes()
    documented = {(path, method) for path, methods in PATHS.items() for method in methods}
    assert {(route.path, route.method.lower()) for route in routes} == documented


def test_thousands_of_requests_get_the_answers_that_are_documented(
    tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "schemathesis.toml").write_text(CHECKS)
    with serving(tmp_path, "--model", str(tiny_model), "--tls", "false") as server:
        request = Request(  # noqa: S310  it is our own address
            f"{server.url}/openapi.json", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        with urlopen(request) as answer:  # noqa: S310
            (tmp_path / "openapi.json").write_bytes(answer.read())
        done = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "run", "openapi.json"),
                *("--url", server.url, "--header", f"Authorization: Bearer {TOKEN}"),
                *("--phases", "examples,coverage,fuzzing", "--max-examples", "700"),
                *("--workers", "2", "--continue-on-failure", "--generation-deterministic"),
                # A server that makes a batch refuses the next, however valid.
                *("--exclude-checks", "positive_data_acceptance", "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    report = re.sub(r"'.{500,}?'", "'...'", done.stdout, flags=re.DOTALL)[-3000:]
    assert done.returncode == 0, report
    generated = re.search(r"(\d[\d,]*) generated", done.stdout)
    assert generated, report
    assert int(generated[1].replace(",", "")) >= FEWEST_EXAMPLES
