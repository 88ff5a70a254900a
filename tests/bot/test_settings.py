from pathlib import Path
from typing import Any

import pytest

from bot.app import make_house
from bot.settings import Settings, SettingsError, load_settings, secret_of


def read(**values: Any) -> Settings:
    return load_settings(_env_file=None, **values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", ""),
        ("HOST", ""),
        ("HOST", "http://127.0.0.1"),
        ("HOST", "two words"),
        ("DATA_DIR", __file__),
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "fifteen-letters"),
        ("SECRET_KEY", " " * 40),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("LOCAL_CHANNEL", "maybe"),
        ("PUBLIC_URL", "sansiang.example"),
        ("TRANSCRIBER_URL", "transcriber.example/v1"),
        ("TRANSCRIBER_KEY", "a key"),
        ("TRANSCRIBER_MODEL", ""),
        ("PUBLIC_URL", "http://"),
        ("PUBLIC_URL", "https:///path"),
        ("PUBLIC_URL", "https://:8080"),
        ("PUBLIC_URL", "https://sansiang.example:port"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://san siang.example"),
        ("PUBLIC_URL", "https://สานเสียง.example"),
        ("PUBLIC_URL", "https://me:pass@sansiang.example"),
        ("PUBLIC_URL", "https://sansiang.example/?a=b"),
        ("LINE_API_BASE", "https://"),
        ("LINE_DATA_API_BASE", "https://?x"),
        ("TELEGRAM_API_BASE", "http://#"),
        ("LINE_API_BASE", "api.line.me"),
        ("LINE_DATA_API_BASE", "ftp://api.line.me"),
        ("TELEGRAM_API_BASE", "127.0.0.1:9"),
        ("DATABASE_URL", "not an address"),
        ("DATABASE_URL", "mysql://u:p@h/d"),
        ("TELEGRAM_BOT_TOKEN", "no-colon-here"),
        ("TELEGRAM_BOT_TOKEN", "12: a b"),
        ("TELEGRAM_BOT_TOKEN", "๑๒:abc"),
        ("TELEGRAM_WEBHOOK_SECRET", "bad secret!"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 257),
        ("LINE_CHANNEL_SECRET", "alone"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "alone"),
    ],
)
def test_a_malformed_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as raised:
        load_settings()
    assert str(raised.value).startswith(f"{name}: ") or name == "LINE_CHANNEL_SECRET", "the setting that is wrong"
    assert "\n" not in str(raised.value)
    if ("TOKEN" in name or "SECRET" in name) and len(value) > 1:
        assert value not in str(raised.value)


def test_every_malformed_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    monkeypatch.setenv("PUBLIC_URL", "http://")
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "alone")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "none")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "bad secret!")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    named = {trouble.partition(":")[0] for trouble in str(raised.value).split("; ")}
    wrong = {"PORT", "LOG_LEVEL", "PUBLIC_URL", "SECRET_KEY", "LINE_CHANNEL_ACCESS_TOKEN", "TELEGRAM_BOT_TOKEN"}
    assert named == wrong | {"TELEGRAM_WEBHOOK_SECRET"}
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://sansiang.example:8443/bot"),
        ("LINE_API_BASE", "http://127.0.0.1:9"),
        ("TELEGRAM_API_BASE", "http://[::1]:9"),
        ("TELEGRAM_WEBHOOK_SECRET", "x" * 256),
        ("SECRET_KEY", "sixteen-letters-"),
        ("HOST", "::"),
        ("PORT", "0"),
        ("LINE_CHANNEL_ACCESS_TOKEN", ""),
    ],
)
def test_what_is_well_formed_starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    load_settings()


def test_half_of_line_names_both_halves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "alone")
    with pytest.raises(SettingsError, match="LINE_CHANNEL_ACCESS_TOKEN: and LINE_CHANNEL_SECRET belong together"):
        load_settings()


def test_a_file_named_env_is_read_and_the_environment_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=9001\nHOST=0.0.0.0\nUNRELATED=1\n")
    monkeypatch.setenv("HOST", "127.0.0.2")
    settings = load_settings()
    assert (settings.port, settings.host) == (9001, "127.0.0.2")


def test_an_unknown_province_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"PROVINCES.*chiang-rao.*chiang-rai"):
        make_house(read(data_dir=tmp_path, provinces="chiang-rao"))
    with pytest.raises(SettingsError, match=r"LINE_PROVINCE.*nowhere"):
        make_house(read(data_dir=tmp_path, line_province="nowhere"))
    with pytest.raises(SettingsError, match=r"TELEGRAM_PROVINCE.*trat"):
        make_house(read(data_dir=tmp_path, provinces="chiang-rai", telegram_province="trat"))


def test_secrets_do_not_show_in_what_is_printed() -> None:
    settings = read(line_channel_secret="s3cret", line_channel_access_token="t0ken", secret_key="a-k3y-of-16-letters")
    for secret in ("s3cret", "t0ken", "k3y"):
        assert secret not in repr(settings)
        assert secret not in str(settings.model_dump())


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = read(data_dir=tmp_path / "deep" / "data")
    secret = secret_of(settings)
    assert len(secret) >= 32
    assert secret_of(settings) == secret
    assert (tmp_path / "deep" / "data" / "secret.key").stat().st_mode & 0o077 == 0
    assert secret_of(read(data_dir=tmp_path / "other")) != secret
    assert secret_of(read(data_dir=tmp_path, secret_key="given-from-outside")) == "given-from-outside"


@pytest.mark.parametrize("kept", [b"", b"cut-off", b"\xff" * 40])
def test_a_key_file_that_cannot_be_used_is_named(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(kept)
    with pytest.raises(SettingsError, match=r"SECRET_KEY: .*secret\.key"):
        secret_of(read(data_dir=tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="DATA_DIR"):
        secret_of(read(data_dir=tmp_path / "file" / "data"))


@pytest.mark.parametrize(
    ("values", "local", "sample", "database"),
    [
        ({}, True, True, "sample.db"),
        ({"line_channel_secret": "s", "line_channel_access_token": "t"}, False, False, "sansiang.db"),
        ({"telegram_bot_token": "1:t"}, False, False, "sansiang.db"),
        ({"telegram_bot_token": "1:t", "local_channel": "On"}, True, False, "sansiang.db"),
        ({"local_channel": "off"}, False, True, "sample.db"),
        ({"database_url": "sqlite:////x/own.db"}, True, False, "own.db"),
    ],
)
def test_sample_data_never_meets_real_data(
    tmp_path: Path, values: dict[str, str], local: bool, sample: bool, database: str
) -> None:
    settings = read(data_dir=tmp_path, **values)
    assert (settings.local, settings.sample) == (local, sample)
    assert settings.database.endswith(database)


def test_an_address_loses_its_last_slash() -> None:
    assert read(public_url="https://sansiang.example/").public_url == "https://sansiang.example"
