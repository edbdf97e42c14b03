import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from quipgen_server import tls
from quipgen_server.errors import CommandError
from quipgen_server.settings import Settings
from quipgen_server.tls import fingerprint_of, make_certificate, own_certificate, secure


def test_a_certificate_is_made_once_and_then_kept(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "new" / "state")
    first, again = secure(settings), secure(settings)
    assert first
    assert again
    assert first.fingerprint == again.fingerprint
    assert first.context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_the_fingerprint_is_what_openssl_would_print(tmp_path: Path) -> None:
    file = own_certificate(tmp_path)
    told = subprocess.run(
        ["openssl", "x509", "-in", file, "-noout", "-fingerprint", "-sha256"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip().partition("=")[2] == fingerprint_of(file.read_bytes())


def test_only_its_owner_may_read_the_key(tmp_path: Path) -> None:
    file = own_certificate(tmp_path / "state")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [left.name for left in file.parent.iterdir()] == [file.name]


def test_it_lasts_for_years_and_began_yesterday() -> None:
    certificate = x509.load_pem_x509_certificate(make_certificate())
    now = datetime.now(UTC)
    assert (certificate.not_valid_after_utc - now).days > 3600
    assert certificate.not_valid_before_utc < now


@pytest.mark.parametrize("content", [b"", b"garbage", make_certificate()[:200]])
def test_a_damaged_certificate_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / tls.OWN).write_bytes(content)
    assert secure(Settings(state=tmp_path))


def test_one_that_is_about_to_end_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "VALID", tls.RENEWED / 2)
    old = fingerprint_of(own_certificate(tmp_path).read_bytes())
    monkeypatch.undo()
    assert fingerprint_of(own_certificate(tmp_path).read_bytes()) != old


def test_what_a_crash_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "certificate.part").write_bytes(b"half")
    assert secure(Settings(state=tmp_path))


def test_a_certificate_may_be_given(tmp_path: Path) -> None:
    pem = make_certificate()
    key, _, rest = pem.partition(b"-----BEGIN CERTIFICATE-----")
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(b"-----BEGIN CERTIFICATE-----" + rest)
    settings = Settings(certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem")
    secured = secure(settings)
    assert secured
    assert secured.fingerprint == fingerprint_of(pem)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_bytes(make_certificate())
    (tmp_path / "key.pem").write_bytes(make_certificate())
    settings = Settings(certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem")
    with pytest.raises(CommandError, match=r"cert.pem cannot be used.*makes its own"):
        secure(settings)


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_certificate_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "cert.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match="cannot be used"):
        secure(Settings(certificate=file))


def test_a_key_without_a_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="without its certificate"):
        secure(Settings(key=tmp_path / "key.pem"))


def test_a_state_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Choose another --state"):
        secure(Settings(state=tmp_path / "file"))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_alone_may_do_without(host: str) -> None:
    assert secure(Settings(host=host, tls=False)) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104  it is refused
def test_the_token_never_travels_in_the_open(host: str) -> None:
    with pytest.raises(CommandError, match="anyone between could read the token"):
        secure(Settings(host=host, tls=False))


def test_an_unknown_host_is_told() -> None:
    with pytest.raises(CommandError, match="no host"):
        secure(Settings(host="no-such-host.invalid", tls=False))
