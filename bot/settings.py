"""Settings: the environment and `.env`, read once at start. What is malformed is named, and nothing starts."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

KEY_FILE = "secret.key"
SAMPLE_DB = "sample.db"
SHORTEST_SECRET = 16  # characters: 96 bits where they are drawn from base64
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook: secret_token
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}")


class SettingsError(Exception):
    """A setting is missing or malformed; the text names it and says what to do."""


class Settings(BaseSettings):
    """Everything that is set from outside. Names and defaults are the outside surface's."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: str = ""
    data_dir: Path = Path("data")
    provinces: str = ""
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    secret_key: SecretStr = SecretStr("")
    local_channel: Literal["", "on", "off", "public"] = ""
    line_channel_secret: SecretStr = SecretStr("")
    line_channel_access_token: SecretStr = Field(SecretStr(""), validate_default=True)
    line_api_base: str = ""
    line_data_api_base: str = ""
    line_province: str = ""
    telegram_province: str = ""
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_base: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    transcriber_url: str = ""
    transcriber_key: SecretStr = SecretStr("")
    transcriber_model: str = "whisper-1"
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("log_level", "log_format", "local_channel", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("public_url", "line_api_base", "line_data_api_base", "telegram_api_base", "transcriber_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and (trouble := _address_trouble(value)):
            raise ValueError(trouble)
        return value.rstrip("/")

    @field_validator("host")
    @classmethod
    def _bare_host(cls, value: str) -> str:
        if not value.strip() or "/" in value or re.search(r"\s", value):
            raise ValueError("must be a name or address of this machine, such as 127.0.0.1")
        return value

    @field_validator("data_dir")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError("is a file, and must be a folder")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value:
            return ""
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is not a database address such as sqlite:///data/sansiang.db") from None
        if url.drivername not in DATABASES:
            raise ValueError(f"{url.drivername} is not supported: use sqlite:///path/to/file.db or postgresql://")
        if url.get_backend_name() == "postgresql" and not url.database:
            raise ValueError("names no database: postgresql://user:password@host/database")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        said = value.get_secret_value()
        if said and len(said.strip()) < SHORTEST_SECRET:
            raise ValueError(f"is too short: at least {SHORTEST_SECRET} characters, drawn by chance")
        return value

    @field_validator("line_channel_secret", "line_channel_access_token")
    @classmethod
    def _header_word(cls, value: SecretStr) -> SecretStr:
        said = value.get_secret_value()
        if not said.isascii() or not said.isprintable() or " " in said:
            raise ValueError("has letters that LINE's console does not give out: copy it again")
        return value

    # The later of the two speaks for both, beside whatever else is wrong.
    @field_validator("line_channel_access_token")
    @classmethod
    def _pair(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = info.data.get("line_channel_secret")
        if secret is not None and bool(secret.get_secret_value()) != bool(value.get_secret_value()):
            raise ValueError("and LINE_CHANNEL_SECRET belong together: set both or none")
        return value

    @field_validator("telegram_bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        said = value.get_secret_value()
        if said and not _TELEGRAM_TOKEN.fullmatch(said):
            raise ValueError("is not a bot token such as 123456:ABC")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr) -> SecretStr:
        said = value.get_secret_value()
        if said and not _WEBHOOK_SECRET.fullmatch(said):
            raise ValueError("may have 1 to 256 of the letters A-Z, a-z, 0-9, _ and -")
        return value

    @field_validator("transcriber_key")
    @classmethod
    def _bearer(cls, value: SecretStr) -> SecretStr:
        said = value.get_secret_value()
        if not said.isascii() or not said.isprintable() or " " in said:
            raise ValueError("has letters that no key has: copy it again")
        return value

    @field_validator("transcriber_model")
    @classmethod
    def _model_name(cls, value: str) -> str:
        if not _MODEL.fullmatch(value):
            raise ValueError("is no name of a model such as whisper-1")
        return value

    @property
    def line(self) -> bool:
        """Whether LINE is configured."""
        return bool(self.line_channel_secret.get_secret_value())

    @property
    def telegram(self) -> bool:
        """Whether Telegram is configured."""
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def local(self) -> bool:
        """Whether the local channel is on: by setting, or because there is no platform."""
        if self.local_channel:
            return self.local_channel != "off"
        return not (self.line or self.telegram)

    @property
    def sample(self) -> bool:
        """Whether to serve sample data on its own database: nothing is configured at all."""
        return not (self.line or self.telegram or self.database_url)

    @property
    def database(self) -> str:
        """The database's address."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{self.data_dir / (SAMPLE_DB if self.sample else 'sansiang.db')}"

    @property
    def shared(self) -> bool:
        """Whether the database is one that several processes may work on."""
        return make_url(self.database).get_backend_name() == "postgresql"

    @property
    def province_slugs(self) -> list[str] | None:
        """The provinces to load; None for all that are shipped."""
        return [slug.strip() for slug in self.provinces.split(",") if slug.strip()] or None


def _address_trouble(value: str) -> str:
    """Why this is no address of a web service; '' when it is one."""
    if not value.startswith(("http://", "https://")):
        return "must begin with http:// or https://"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is no address such as https://sansiang.example"
    if not host:
        return "has no host: write it as https://sansiang.example"
    if not (_HOST.fullmatch(host) or ":" in host) or not value.isascii() or re.search(r"\s", value):
        return "has letters that an address may not have"
    if parts.username is not None or parts.query or parts.fragment:
        return "must end with its host or path: nothing with @, ? or # in it"
    return ""


def load_settings(**overrides: Any) -> Settings:
    """Read the settings.

    :raises SettingsError: naming every setting that is malformed.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False):
            text = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{str(problem['loc'][0]).upper()}: {text}")
        raise SettingsError("; ".join(lines)) from None


def secret_of(settings: Settings) -> str:
    """The installation's secret: set, or made once and kept beside the database, readable by its owner only.

    :raises SettingsError: there is a database but its key is gone; a fresh key would open nothing of it. Or the key's
        file cannot be used.
    """
    if given := settings.secret_key.get_secret_value():
        return given
    if settings.shared:
        raise SettingsError(
            "SECRET_KEY: must be set with PostgreSQL, the same for every process, and kept apart from the database:"
            " python3 -c 'import secrets; print(secrets.token_urlsafe(48))' draws one"
        )
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        database = make_url(settings.database).database
        if database and Path(database).exists():
            raise SettingsError(
                f"SECRET_KEY: {database} was sealed with a key that is not here: set SECRET_KEY or put {path} back"
            )
        _make_key(path)
    try:
        kept = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"SECRET_KEY: {path} cannot be read ({type(error).__name__})") from None
    if len(kept) < SHORTEST_SECRET:
        raise SettingsError(f"SECRET_KEY: {path} is empty or cut off: put it back from your backup")
    return kept


def _make_key(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        fresh.rename(path)
    except OSError as error:
        raise SettingsError(f"DATA_DIR: {path.parent} cannot be written ({error.strerror or error})") from None
