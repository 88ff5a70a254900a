"""Settings: the environment and `.env`, read once at start. What is malformed is named, and nothing starts."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

KEY_FILE = "secret.key"
SAMPLE_DB = "sample.db"


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
    line_channel_access_token: SecretStr = SecretStr("")
    line_api_base: str = ""
    line_data_api_base: str = ""
    line_province: str = ""
    telegram_province: str = ""
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_base: str = ""
    telegram_webhook_secret: SecretStr = SecretStr("")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("log_level", "log_format", "local_channel", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("public_url", "line_api_base", "line_data_api_base", "telegram_api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value:
            return ""
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("is not a database address such as sqlite:///data/sansiang.db") from None
        if url.get_backend_name() != "sqlite":
            raise ValueError(f"{url.get_backend_name()} is not supported yet: use sqlite:///path/to/file.db")
        return value

    @model_validator(mode="after")
    def _pairs(self) -> Settings:
        if bool(self.line_channel_secret.get_secret_value()) != bool(self.line_channel_access_token.get_secret_value()):
            raise ValueError("LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN belong together: set both or none")
        token = self.telegram_bot_token.get_secret_value()
        if token and not token.partition(":")[0].isdigit():
            raise ValueError("TELEGRAM_BOT_TOKEN is not a bot token such as 123456:ABC")
        return self

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
    def province_slugs(self) -> list[str] | None:
        """The provinces to load; None for all that are shipped."""
        return [slug.strip() for slug in self.provinces.split(",") if slug.strip()] or None


def load_settings(**overrides: Any) -> Settings:
    """Read the settings.

    :raises SettingsError: naming every setting that is malformed.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_url=False, include_input=False):
            name = str(problem["loc"][0]).upper() if problem["loc"] else ""
            text = problem["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {text}" if name else text)
        raise SettingsError("; ".join(lines)) from None


def secret_of(settings: Settings) -> str:
    """The installation's secret: set, or made once and kept beside the database, readable by its owner only.

    :raises SettingsError: there is a database but its key is gone; a fresh key would open nothing of it.
    """
    if given := settings.secret_key.get_secret_value():
        return given
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        database = make_url(settings.database).database
        if database and Path(database).exists():
            raise SettingsError(
                f"SECRET_KEY: {database} was sealed with a key that is not here: set SECRET_KEY or put {path} back"
            )
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        fresh.rename(path)
    return path.read_text().strip()
